package io.securememory.credentials;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what was measured while everything was rotated under load.
 *
 * <p>Arguments: a file with the output of the test; the picture to write, without its ending.
 */
final class RotationLoadPlot {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;

    private RotationLoadPlot() {}

    public static void main(String[] arguments) throws IOException {
        List<String> samples = Files.readAllLines(Path.of(arguments[0])).stream()
                .filter(line -> line.startsWith(RotationLoadProgram.SAMPLE))
                .distinct()
                .toList();
        draw(samples, Path.of(arguments[1]));
    }

    /** Writes a picture. */
    static void draw(List<String> samples, Path picture) throws IOException {
        System.setProperty("java.awt.headless", "true");
        double[] seconds = column(samples, 1, 1);
        XYChart requests = chart("requests and failures, in all");
        line(requests, "requests", seconds, column(samples, 2, RotationLoadClient.REQUESTS), new Color(0x0b5394));
        line(requests, "failures", seconds, column(samples, 3, 1), new Color(0xcc4125));
        XYChart versions = chart("secrets");
        line(versions, "versions since the start, of each", seconds, column(samples, 7, 1), new Color(0x777777));
        line(versions, "in memory, of all", seconds, column(samples, 4, 1), new Color(0x38761d));
        XYChart locked = chart("locked memory, KiB");
        line(locked, "locked", seconds, column(samples, 5, 1), new Color(0x38761d));
        XYChart heap = chart("heap after a collection, MiB");
        line(heap, "used", seconds, column(samples, 6, 1.0 / 1024), new Color(0x0b5394));
        heap.setXAxisTitle("seconds");
        locked.getStyler().setLegendVisible(false);
        heap.getStyler().setLegendVisible(false);
        BitmapEncoder.saveBitmap(List.of(requests, versions, locked, heap), 4, 1, picture.toString(), BitmapFormat.PNG);
    }

    private static XYChart chart(String title) {
        XYChart chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setXAxisMaxLabelCount(13);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisDecimalPattern("0");
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        return chart;
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color color) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
    }

    private static double[] column(List<String> samples, int number, double factor) {
        return samples.stream()
                .mapToDouble(sample -> Double.parseDouble(sample.split(" ")[number]) * factor)
                .toArray();
    }
}
