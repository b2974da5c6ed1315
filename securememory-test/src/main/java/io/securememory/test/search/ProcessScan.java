package io.securememory.test.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Searches the memory of this process as a debugger would. Source: proc_pid_mem(5), proc_pid_pagemap(5).
 *
 * <p>Pages that were never written are passed over.
 */
final class ProcessScan {

    private static final String WHAT = "the memory of the process";
    private static final Path MEMORY = Path.of("/proc/self/mem");
    private static final Path PAGE_MAP = Path.of("/proc/self/pagemap");

    /** So much is passed over at once if nothing of it was written. */
    private static final int STEP = 128 * 1024;

    /** A page is in memory or in swap. */
    private static final long PRESENT = 0xC000000000000000L;

    private final Scanner scanner;
    private final Limits limits;
    private final int page;

    /**
     * A run in memory.
     *
     * @param needle what it is a run of
     * @param address of its first byte
     * @param mapping where it is
     * @param isName whether it is a whole name or text in a class
     */
    record MemoryHit(Needle needle, long address, Mapping mapping, boolean isName) {}

    ProcessScan(Scanner scanner, Limits limits) throws IOException {
        this.scanner = scanner;
        this.limits = limits;
        this.page = PageSize.ofThisSystem();
    }

    /** Searches mappings, except those that are protected or cannot be read. */
    List<MemoryHit> run(List<Mapping> existing) throws IOException {
        List<Mapping> mappings = existing.stream()
                .filter(mapping -> !mapping.isOfKernel() && !mapping.isProtected() && mapping.residentBytes() > 0)
                .toList();
        List<MemoryHit> hits = new ArrayList<>();
        long all = mappings.stream().mapToLong(Mapping::size).sum();
        long done = 0;
        try (FileChannel memory = FileChannel.open(MEMORY, StandardOpenOption.READ);
                FileChannel pages = FileChannel.open(PAGE_MAP, StandardOpenOption.READ)) {
            ByteBuffer present =
                    ByteBuffer.allocateDirect(STEP / page * Long.BYTES).order(ByteOrder.nativeOrder());
            for (Mapping mapping : mappings) {
                if (limits.isOver()) {
                    limits.cutOff(WHAT, done, all);
                    break;
                }
                scan(memory, pages, present, mapping, hits);
                done += mapping.size();
                limits.tell(WHAT, done, all);
            }
        }
        return withoutViews(hits);
    }

    /** Returns what is seen through several views of the same memory once. */
    private static List<MemoryHit> withoutViews(List<MemoryHit> hits) {
        Set<Long> seen = new HashSet<>();
        return hits.stream()
                .filter(hit ->
                        !hit.mapping().isViewOfHeap() || seen.add(hit.mapping().inAllViews(hit.address())))
                .toList();
    }

    private void scan(FileChannel memory, FileChannel pages, ByteBuffer present, Mapping mapping, List<MemoryHit> hits)
            throws IOException {
        long from = mapping.start();
        for (long at = mapping.start(); at < mapping.end(); at += STEP) {
            if (!isAnyPresent(pages, present, at, Math.min(mapping.end(), at + STEP))) {
                part(memory, mapping, from, at, hits);
                from = at + STEP;
            }
        }
        part(memory, mapping, from, mapping.end(), hits);
    }

    private void part(FileChannel memory, Mapping mapping, long from, long to, List<MemoryHit> hits)
            throws IOException {
        if (from < to && !limits.isOver()) {
            scanner.scan(memory::read, from, to, (needle, begin, end, isNew, isName) -> {
                if (isNew) {
                    hits.add(new MemoryHit(needle, begin, mapping, isName));
                }
            });
        }
    }

    private boolean isAnyPresent(FileChannel pages, ByteBuffer present, long from, long to) throws IOException {
        present.clear().limit((int) ((to - from) / page * Long.BYTES));
        pages.read(present, from / page * Long.BYTES);
        if (present.hasRemaining()) {
            return true; // The kernel does not tell.
        }
        for (int i = 0; i < present.limit(); i += Long.BYTES) {
            if ((present.getLong(i) & PRESENT) != 0) {
                return true;
            }
        }
        return false;
    }
}
