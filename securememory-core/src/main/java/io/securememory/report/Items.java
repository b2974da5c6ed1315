package io.securememory.report;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import java.util.function.Supplier;

/** Makes the items of a report. */
final class Items {

    private Items() {}

    static Item active(String name, String detail) {
        return new Item(name, State.ACTIVE, detail, "");
    }

    static Item off(String name, String detail) {
        return new Item(name, State.OFF, detail, "");
    }

    static Item risk(String name, String detail, String remedy) {
        return new Item(name, State.RISK, detail, remedy);
    }

    static Item failed(String name, String detail, String remedy) {
        return new Item(name, State.FAILED, detail, remedy);
    }

    static Item unknown(String name, String detail) {
        return new Item(name, State.UNKNOWN, detail, "");
    }

    /** Returns the item, or one that says that it cannot be found out if that throws: a report never fails. */
    static Item orUnknown(String name, Supplier<Item> item) {
        try {
            return item.get();
        } catch (RuntimeException e) {
            return unknown(
                    name,
                    "Not known: finding it out failed with " + e.getClass().getName() + ".");
        }
    }
}
