package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegionStateModelTest {

    @Test
    void readersNeverSeeAClosedPageAndReleaseHappensOnce() {
        for (String roles : new String[] {
            "R", "C", "RR", "RC", "CC", "RRR", "RRC", "RCC", "RRRC", "RRCC", "RRRCC", "K", "KC", "KCC", "KKC", "KKCC"
        }) {
            int moments = new RegionStateModel(roles).explore();
            assertThat(moments).as(roles).isGreaterThan(1 << roles.length());
        }
    }
}
