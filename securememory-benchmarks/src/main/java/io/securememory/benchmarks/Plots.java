package io.securememory.benchmarks;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** Draws the cases that have something to compare, each as one PNG. */
final class Plots {

    private static final int WIDTH = 1100;
    private static final int HEIGHT = 560;
    private static final double MICROSECOND = 1_000;
    private static final double MILLISECOND = 1_000_000;

    /** A bar on a logarithmic axis has no place for an error that reaches zero. */
    private static final double LARGEST_ERROR = 0.9;

    private static final Map<Subject, Color> COLORS = new EnumMap<>(Map.ofEntries(
            Map.entry(Subject.C, new Color(0x555555)),
            Map.entry(Subject.LIBSODIUM, new Color(0xa0a0a0)),
            Map.entry(Subject.PROTECTED_FFM, new Color(0x0b5394)),
            Map.entry(Subject.SEALED_FFM, new Color(0x38761d)),
            Map.entry(Subject.PROTECTED_JNA, new Color(0x3d85c6)),
            Map.entry(Subject.SEALED_JNA, new Color(0x6aa84f)),
            Map.entry(Subject.PROTECTED_17, new Color(0x9fc5e8)),
            Map.entry(Subject.SEALED_17, new Color(0xb6d7a8)),
            Map.entry(Subject.ASHERAH, new Color(0xcc4125)),
            Map.entry(Subject.LAZYSODIUM, new Color(0xe69138)),
            Map.entry(Subject.JVM, new Color(0x777777)),
            Map.entry(Subject.JVM_17, new Color(0xbbbbbb))));

    private final Results results;
    private final Path directory;
    private final Map<Case, String> drawn = new EnumMap<>(Case.class);

    private Plots(Results results, Path directory) {
        this.results = results;
        this.directory = directory;
    }

    /** Draws what there is, and returns the names of the files. */
    static Map<Case, String> draw(Results results, Path directory) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Plots plots = new Plots(results, directory);
        for (Case what : List.of(Case.ACCESS_OWN, Case.ACCESS_SHARED, Case.CREATE_CLOSE, Case.COPY)) {
            plots.bars(what, MICROSECOND, "µs per operation of one thread", true);
        }
        for (Case what : List.of(Case.SEAL, Case.OPEN)) {
            plots.bars(what, MICROSECOND, "µs per operation", true);
        }
        plots.bars(Case.START_UP, MILLISECOND, "ms", false);
        plots.bars(Case.ALLOCATION, 1, "bytes per access", false);
        plots.lines(Case.PURGE);
        return plots.drawn;
    }

    private void bars(Case what, double divisor, String unit, boolean logarithmic) throws IOException {
        List<Measurement> all = of(what);
        if (all.isEmpty()) {
            return;
        }
        Set<Integer> numbers = numbers(all);
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(what.title() + ": less is better")
                .xAxisTitle(numbers.size() > 1 ? what.parameter() : "")
                .yAxisTitle(unit + (logarithmic ? " (logarithmic)" : ""))
                .build();
        chart.getStyler().setAvailableSpaceFill(0.85).setOverlapped(false);
        style(chart.getStyler());
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        double least = all.stream().mapToDouble(Measurement::mean).min().orElse(1) / divisor;
        if (logarithmic) {
            // A bar starts at the power of ten below the smallest one, which would have no height there.
            chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least * 0.8))));
        }
        for (Subject who : subjects(all)) {
            List<Double> values = new ArrayList<>();
            for (int number : numbers) {
                Optional<Measurement> one = results.find(new Key(what, number, who));
                values.add(one.map(measurement -> measurement.mean() / divisor).orElse(Double.NaN));
            }
            List<String> labels = numbers.stream().map(Plots::label).toList();
            // Without errors, of which XChart would take the logarithm, too: 1.12 ± 0.08 became 0.09 to 15. The table
            // has them.
            chart.addSeries(who.label(), numbers.size() > 1 ? labels : List.of(" "), values)
                    .setFillColor(color(who));
        }
        save(chart, what);
    }

    private void lines(Case what) throws IOException {
        List<Measurement> all = of(what);
        if (all.isEmpty()) {
            return;
        }
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(what.title() + ": less is better")
                .xAxisTitle(what.parameter() + " (logarithmic)")
                .yAxisTitle("ms (logarithmic)")
                .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setMarkerSize(9);
        for (Subject who : subjects(all)) {
            List<Measurement> line = all.stream()
                    .filter(measurement -> measurement.key().who() == who)
                    .sorted(java.util.Comparator.comparing(
                            measurement -> measurement.key().number()))
                    .toList();
            XYSeries series = chart.addSeries(
                    who.label(),
                    line.stream().map(measurement -> measurement.key().number()).toList(),
                    line.stream()
                            .map(measurement -> measurement.mean() / MILLISECOND)
                            .toList(),
                    line.stream()
                            .map(measurement -> error(measurement) / MILLISECOND)
                            .toList());
            series.setLineColor(color(who));
            series.setMarkerColor(color(who));
        }
        save(chart, what);
    }

    private static double error(Measurement measurement) {
        double error = Double.isNaN(measurement.error()) ? 0 : measurement.error();
        return Math.min(error, measurement.mean() * LARGEST_ERROR);
    }

    private List<Measurement> of(Case what) {
        return results.measurements().stream()
                .filter(measurement -> measurement.key().what() == what)
                .toList();
    }

    private static Set<Integer> numbers(List<Measurement> all) {
        return all.stream()
                .map(measurement -> measurement.key().number())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Subject> subjects(List<Measurement> all) {
        return all.stream().map(measurement -> measurement.key().who()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String label(int number) {
        return String.format(java.util.Locale.ROOT, "%,d", number);
    }

    private static Color color(Subject who) {
        return Objects.requireNonNull(COLORS.get(who));
    }

    private static void style(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendFont(font);
        styler.setAxisTickLabelsFont(font);
        styler.setAxisTitleFont(font.deriveFont(Font.BOLD));
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, 18f));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setErrorBarsColor(Color.BLACK);
        styler.setYAxisDecimalPattern("#,##0.###");
        styler.setXAxisDecimalPattern("#,##0");
    }

    private void save(Chart<?, ?> chart, Case what) throws IOException {
        BitmapEncoder.saveBitmap(chart, directory.resolve(what.id()).toString(), BitmapEncoder.BitmapFormat.PNG);
        drawn.put(what, what.id() + ".png");
    }
}
