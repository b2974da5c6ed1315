package io.securememory.benchmarks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names one measurement, as {@code access-own/8/protected-ffm}.
 *
 * @param what the case
 * @param number its parameter: threads, bytes or secrets
 * @param who the subject
 */
record Key(Case what, int number, Subject who) {

    @JsonCreator
    static Key parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + text + "' is not of the form case/number/subject");
        }
        return new Key(Case.of(parts[0]), Integer.parseInt(parts[1]), Subject.of(parts[2]));
    }

    Key of(Subject other) {
        return new Key(what, number, other);
    }

    @Override
    @JsonValue
    public String toString() {
        return what.id() + "/" + number + "/" + who.id();
    }
}
