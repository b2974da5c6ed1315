package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Identifiers are numbered as a map would. */
@OnEverySystem
class LongIndexTest {

    @Test
    void isLikeAMap() {
        Random random = Seed.random("LongIndexTest");
        Map<Long, Integer> map = new HashMap<>();
        LongIndex index = new LongIndex();
        for (int i = 0; i < 100_000; i++) {
            long id = 8L * random.nextInt(50_000) + (random.nextBoolean() ? 0x7f0000000000L : 0);
            assertThat(index.find(id)).isEqualTo(map.getOrDefault(id, -1));
            int number = map.computeIfAbsent(id, unknown -> map.size());
            assertThat(index.add(id)).isEqualTo(number);
            assertThat(index.id(number)).isEqualTo(id);
        }
        assertThat(index.size()).isEqualTo(map.size());
    }
}
