package io.securememory.test.search;

import io.securememory.test.search.DumpOutline.Field;
import io.securememory.test.search.HolderGraph.By;
import java.io.IOException;
import java.util.BitSet;

/** One pass over a heap dump, which finds all that refers to some objects. */
final class Referrers extends DumpRecords {

    private final DumpOutline outline;
    private final HolderGraph graph;
    private final BitSet wanted;
    private final BitSet found = new BitSet();
    private final int most;
    private final Limits limits;
    private long lookedAt;
    private boolean isCut;

    /**
     * Prepares a pass.
     *
     * @param wanted the objects; what refers to them and is found on the way is looked for, too
     * @param most how many references there may be at most
     */
    Referrers(DumpOutline outline, HolderGraph graph, BitSet wanted, int most, Limits limits) {
        this.outline = outline;
        this.graph = graph;
        this.wanted = wanted;
        this.most = most;
        this.limits = limits;
    }

    /** Returns what was found and is no root. */
    BitSet found() {
        return found;
    }

    /** Tells whether there was more than may be. */
    boolean isCut() {
        return isCut;
    }

    @Override
    boolean isDone() {
        return isCut;
    }

    @Override
    void type(long id, long parent, long loader, DumpReader in) throws IOException {
        see(loader, id, 0, By.LOADER, 0);
        skipConstants(in);
        for (int i = in.readShort(); i > 0; i--) {
            long name = in.readId();
            int type = in.readByte();
            if (type == OBJECT) {
                see(in.readId(), id, 0, By.STATIC, name);
            } else {
                skipValue(type, in);
            }
        }
        in.skip(in.readShort() * (in.idSize() + 1));
    }

    @Override
    void instance(long id, long type, int bytes, DumpReader in) throws IOException {
        Field[] fields = outline.fields(type);
        if (fields.length == 0) {
            return;
        }
        int at = in.need(bytes);
        for (int i = 0; i < fields.length; i++) {
            see(in.idAt(at + fields[i].offset()), id, type, By.FIELD, i);
        }
        tell(in);
    }

    @Override
    void objects(long id, long type, int length, DumpReader in) throws IOException {
        for (int done = 0; done < length; ) {
            int count = in.needIds(length - done);
            int at = in.need(count * in.idSize());
            for (int i = 0; i < count; i++) {
                see(in.idAt(at + i * in.idSize()), id, type, By.ELEMENT, done + i);
            }
            in.skip(count * in.idSize());
            done += count;
        }
        tell(in);
    }

    private void see(long id, long holder, long type, By kind, long detail) {
        int object = id == 0 ? HolderGraph.NONE : graph.find(id);
        if (object == HolderGraph.NONE || !wanted.get(object)) {
            return;
        }
        if (graph.edges() >= most) {
            isCut = true;
            return;
        }
        int before = graph.objects();
        int number = graph.add(holder, type);
        graph.connect(number, object, kind, detail);
        if (number == before && type != 0 && outline.root(holder) == null) {
            wanted.set(number);
            found.set(number);
        }
    }

    /** A clock is slower than an object. */
    private void tell(DumpReader in) {
        if ((++lookedAt & 0xffff) == 0) {
            limits.tell("the heap for what holds the copies", in.position(), in.size());
            isCut |= limits.isOver();
        }
    }
}
