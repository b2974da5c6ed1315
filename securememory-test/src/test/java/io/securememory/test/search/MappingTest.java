package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's list of mappings is read as it is. */
class MappingTest {

    private static final String LIST = """
            7f0000000000-7f0000002000 rw-p 00001000 00:01 123                        /memfd:java_heap (deleted)
            Size:                  8 kB
            KernelPageSize:        4 kB
            Rss:                   4 kB
            Pss:                   4 kB
            Swap:                  4 kB
            THPeligible:           0
            VmFlags: rd wr mr mw me ac sd
            7f0000003000-7f0000004000 ---p 00000000 00:00 0
            Rss:                   0 kB
            VmFlags: mr mw me dd lo
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            Rss:                   0 kB
            VmFlags: ex
            """;

    private static List<Mapping> read(String text) throws Exception {
        return Mapping.of(new BufferedReader(new StringReader(text)));
    }

    @Test
    void hasItsRangeNameAndFlags() throws Exception {
        Mapping first = read(LIST).get(0);

        assertThat(first.start()).isEqualTo(0x7f0000000000L);
        assertThat(first.size()).isEqualTo(0x2000);
        assertThat(first.permissions()).isEqualTo("rw-p");
        assertThat(first.offset()).isEqualTo(0x1000);
        assertThat(first.name()).isEqualTo("/memfd:java_heap (deleted)");
        assertThat(first.residentBytes()).isEqualTo(8192);
        assertThat(first.flags()).containsExactlyInAnyOrder("rd", "wr", "mr", "mw", "me", "ac", "sd");
        assertThat(first.isProtected()).isFalse();
        assertThat(first.isOfKernel()).isFalse();
    }

    @Test
    void isTheSameMemoryInEachViewOfTheHeap() throws Exception {
        Mapping view = read(LIST).get(0);

        assertThat(view.isViewOfHeap()).isTrue();
        assertThat(view.inAllViews(0x7f0000000010L)).isEqualTo(0x1010);
        assertThat(read(LIST).get(1).inAllViews(0x7f0000003010L)).isEqualTo(0x7f0000003010L);
    }

    @Test
    void tellsWhatIsProtectedAndWhatTheKernelHas() throws Exception {
        List<Mapping> mappings = read(LIST);

        assertThat(mappings).hasSize(3);
        assertThat(mappings.get(1).isProtected()).isTrue();
        assertThat(mappings.get(1).name()).isEmpty();
        assertThat(mappings.get(2).isOfKernel()).isTrue();
        assertThat(read("")).isEmpty();
    }

    @Test
    void thatOfANewBufferIsAmongThoseOfThisProcess() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        List<Mapping> mappings = Mapping.all();

        assertThat(mappings)
                .anyMatch(mapping -> mapping.size() >= buffer.capacity()
                        && mapping.permissions().startsWith("rw")
                        && mapping.residentBytes() > 0);
        assertThat(mappings).isSortedAccordingTo((a, b) -> Long.compareUnsigned(a.start(), b.start()));
    }
}
