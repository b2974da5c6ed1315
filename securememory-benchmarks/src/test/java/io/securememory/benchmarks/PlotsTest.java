package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {

    @Test
    void casesWithMeasurementsAreDrawnAlsoWithGapsAndWithLargeOrUnknownErrors(@TempDir Path directory)
            throws IOException {
        Results results = Made.results(
                Made.around("access-own/1/c", 2_000),
                Made.around("access-own/2/c", 4_000),
                Made.around("access-own/1/protected-ffm", 3_000),
                Made.measurement("access-own/2/asherah", 1, 1, 100_000),
                Made.measurement("purge/1000/protected-ffm", 3e6),
                Made.around("purge/10000/protected-ffm", 3e7));

        assumeTrue(hasFonts(), "there are no fonts; on Debian: apt-get install fontconfig fonts-dejavu-core");

        Map<Case, String> plots = Plots.draw(results, directory);

        assertThat(plots).containsOnlyKeys(Case.ACCESS_OWN, Case.PURGE);
        for (String name : plots.values()) {
            assertThat(colors(ImageIO.read(directory.resolve(name).toFile()))).hasSizeGreaterThan(4);
        }
    }

    private static boolean hasFonts() {
        try {
            return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length > 0;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return false;
        }
    }

    private static Set<Integer> colors(BufferedImage image) {
        Set<Integer> colors = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x += 2) {
            for (int y = 0; y < image.getHeight(); y += 2) {
                colors.add(image.getRGB(x, y));
            }
        }
        return colors;
    }
}
