package io.securememory.spring.boot.properties;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Finds the name that was probably meant by a misspelled one. Compares letters and digits only, and ignores case. */
public final class NearestName {

    /** Longest name that is compared. Real names are far shorter, and longer text would take too much time. */
    private static final int MAX_LENGTH = 200;

    /** Shortest name that counts when it is a part of another one. Fewer letters occur in other names by chance. */
    private static final int MIN_PART = 4;

    private NearestName() {}

    /** Returns the nearest of some names, or empty if none is near. */
    public static Optional<String> of(String written, Collection<String> names) {
        return of(names, name -> written, Function.identity());
    }

    /** Returns the candidate whose name is nearest to what is written instead of it, or empty if none is near. */
    static <T> Optional<T> of(Collection<T> candidates, Function<T, String> written, Function<T, String> name) {
        return candidates.stream()
                .filter(candidate -> isNear(letters(written.apply(candidate)), letters(name.apply(candidate))))
                .min(Comparator.comparingInt(
                        candidate -> distance(letters(written.apply(candidate)), letters(name.apply(candidate)))));
    }

    /** Returns the letters and digits of a name, in lower case. They are the same however the name is written. */
    public static String letters(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        name.chars().filter(Character::isLetterOrDigit).forEach(c -> letters.append((char) c));
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isNear(String written, String name) {
        if (written.isEmpty() || Math.max(written.length(), name.length()) > MAX_LENGTH) {
            return false;
        }
        boolean isPart = (written.length() >= MIN_PART && name.contains(written))
                || (name.length() >= MIN_PART && written.contains(name));
        return isPart || distance(written, name) <= Math.max(1, Math.max(written.length(), name.length()) / 3);
    }

    /** Counts the letters to insert, drop, replace, or swap with their neighbour. */
    private static int distance(String from, String to) {
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : step(distance, from, to, i, j);
            }
        }
        return distance[from.length()][to.length()];
    }

    private static int step(int[][] distance, String from, String to, int i, int j) {
        int replaced = distance[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean isSwapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return isSwapped ? Math.min(least, 1 + distance[i - 2][j - 2]) : least;
    }
}
