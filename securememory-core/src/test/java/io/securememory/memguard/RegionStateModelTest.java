package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.api.Test;

@OnEverySystem
class RegionStateModelTest {

    @Test
    void readersNeverSeeAClosedPageAndReleaseHappensOnce() {
        for (String roles : ("R C P RR RC CC RP RRR RRC RRP RCC RCP RRRC RRRP RRCC RRCP RRRCC RRRR RRRRC"
                        + " W WW RW RRW RWC RWP RWWC RRWC RRWP RRWWC RRRWC K KC KP KCC KKC KKP KKCC KKCP")
                .split(" ")) {
            int moments = new RegionStateModel(roles).explore();
            assertThat(moments).as(roles).isGreaterThan(1 << roles.length());
        }
    }
}
