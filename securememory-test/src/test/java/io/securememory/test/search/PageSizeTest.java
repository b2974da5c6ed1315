package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.MemoryMapping;
import org.junit.jupiter.api.Test;

/** The size of a page is the one that the kernel names elsewhere, too. */
class PageSizeTest {

    @Test
    void isThatOfTheFirstMapping() throws Exception {
        assertThat(PageSize.ofThisSystem()).isEqualTo((int) MemoryMapping.pageSize());
    }
}
