package io.securememory.residue;

import io.securememory.test.Encoding;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is left after a leak, in words of the table.
 *
 * @param live live objects: how many copies, in which form, and what holds them up to the application
 * @param others dead objects and copies outside the heap, which differ from run to run
 */
record Outcome(List<String> live, String others) {

    static final String NONE = "none";

    private static final String BETWEEN = " <- ";
    private static final String OWN = Outcome.class.getPackageName() + ".";

    /** Containers: what matters is whose they are. */
    private static final String CONTAINER =
            "an element of .*|java\\.util\\..*|java\\.math\\.BigInteger\\..*|org\\.springframework\\.util\\..*";

    /** Fields that have the same String: which of them is told depends on where the objects are in memory. */
    private static final List<String> ONE_STRING = List.of(
            "org.springframework.boot.jdbc.autoconfigure.DataSourceProperties.password",
            "com.zaxxer.hikari.util.Credentials.password");

    /** Makes words of the findings of a leak. */
    static Outcome of(List<Finding> findings) {
        List<String> live = findings.stream()
                .filter(Outcome::isObject)
                .filter(Finding::live)
                .map(finding -> secret(finding) + finding.copies() + " as " + form(finding) + ": `"
                        + upToApplication(finding.holder()) + "`")
                .sorted()
                .toList();
        List<String> others = new ArrayList<>();
        findings.stream()
                .filter(finding -> !(isObject(finding) && finding.live()))
                .collect(Collectors.groupingBy(
                        finding -> (isObject(finding) ? "dead" : "in " + finding.place()) + " as " + form(finding),
                        TreeMap::new,
                        Collectors.summingInt(Finding::copies)))
                .forEach((kind, copies) -> others.add(copies + " " + kind));
        return new Outcome(live.isEmpty() ? List.of(NONE) : live, others.isEmpty() ? NONE : String.join(", ", others));
    }

    private static boolean isObject(Finding finding) {
        return finding.place() == Place.HEAP;
    }

    /** Most leaks have one secret; of others, the name of the file is shown. */
    private static String secret(Finding finding) {
        String name = finding.secret().substring(finding.secret().indexOf('/') + 1);
        return name.equals("new-password") ? "new password: " : "";
    }

    /** Many secrets are the same in both alphabets of Base64. */
    private static String form(Finding finding) {
        return (finding.encoding() == Encoding.BASE64_URL ? Encoding.BASE64 : finding.encoding()).toString();
    }

    private static String upToApplication(String holder) {
        List<String> steps = new ArrayList<>();
        for (String step : holder.split(BETWEEN, -1)) {
            if (step.contains(OWN)) {
                break;
            }
            steps.add(step);
        }
        return steps.isEmpty() ? "an object of the application" : String.join(BETWEEN, steps);
    }

    /**
     * Shortens a live copy to what is compared: its number, its form, and the first field that has it and is not of a container.
     * What holds that field may be told in several ways.
     */
    static String essence(String live) {
        int at = live.indexOf(": `");
        if (at < 0) {
            return live;
        }
        String path = live.substring(at + 3, live.length() - 1).replaceFirst("^[^:<]*: ", "");
        String holder = Arrays.stream(path.split(BETWEEN, -1))
                .filter(step -> !step.matches(CONTAINER))
                .findFirst()
                .map(step -> ONE_STRING.contains(step) ? ONE_STRING.toString() : step)
                .orElse(path);
        return live.substring(0, at) + " in " + holder;
    }

    /** Shortens a live copy to its number and its form. */
    static String form(String live) {
        int at = live.indexOf(": `");
        return at < 0 ? live : live.substring(0, at);
    }
}
