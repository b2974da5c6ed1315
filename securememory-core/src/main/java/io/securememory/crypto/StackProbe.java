package io.securememory.crypto;

/** Uses the stack below the caller: to make sure that there is enough of it, and to overwrite what was left in it. */
public final class StackProbe {

    /** More than two, so that no compiler merges them into one frame. */
    private static final int LARGE_FRAMES = 3;

    private static final int FIRST_FRAMES = 400;
    private static final int FIRST_USES = 2000;
    private static final int FRAMES_BETWEEN = 48;
    private static final int WIPED_FRAMES = 2;

    /** How often {@link #touch()} was called. Not exact, as threads do not synchronize. */
    private static int uses;

    /** Where results are stored, so that no compiler removes their computation. */
    @SuppressWarnings("unused")
    private static int sink;

    private StackProbe() {}

    /**
     * Makes sure, before something begins, that there is enough stack to undo it. Asks for twice as much as an entry,
     * an exit, a creation or a close takes (6 KiB at most, interpreted), and gives it back.
     *
     * <p>A stack overflow between entry and exit would leave a reader counted endlessly, a window lost, or a lock held.
     * If this method fails, nothing has changed yet. The exit runs from the same depth as the entry, so one probe
     * covers both. Each public operation begins with a probe, and the methods that it calls rely on that.
     *
     * <p>The first uses ask for more, as classes are loaded and linked then.
     *
     * @throws StackOverflowError if there is not enough
     */
    public static void touch() {
        if (uses < FIRST_USES) {
            uses++;
            use(FIRST_FRAMES);
        }
        if (large(LARGE_FRAMES) == 0) {
            sink++;
        }
    }

    /**
     * Does what {@link #touch()} does, for an operation that consists of several operations that each call that. So
     * none of them runs out of stack after an earlier one has changed something, and neither does what undoes it.
     *
     * @throws StackOverflowError if there is not enough
     */
    public static void touchForSeveral() {
        if (touchBelow(FRAMES_BETWEEN) == 0) {
            sink++;
        }
    }

    private static int touchBelow(int frames) {
        if (frames == 0) {
            touch();
            return sink + 1;
        }
        return touchBelow(frames - 1) + 1;
    }

    /**
     * Has a frame of six kilobytes in the interpreter. Compiled code has a small frame here, but makes room for the
     * large one as well, because it may have to continue in the interpreter at any moment. This takes one access to
     * memory; using as much stack in small frames takes a hundred times longer. Rounded up to pages it is at least 8
     * KiB.
     */
    @SuppressWarnings({"unused", "checkstyle:MultipleVariableDeclarations"})
    private static int large(int frames) {
        long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14;
        long b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14;
        long c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14;
        long d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14;
        long e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14;
        long f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14;
        long g0, g1, g2, g3, g4, g5, g6, g7, g8, g9, g10, g11, g12, g13, g14;
        long h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11, h12, h13, h14;
        long i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14;
        long j0, j1, j2, j3, j4, j5, j6, j7, j8, j9, j10, j11, j12, j13, j14;
        long k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14;
        long l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12, l13, l14;
        long m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14;
        long n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14;
        long o0, o1, o2, o3, o4, o5, o6, o7, o8, o9, o10, o11, o12, o13, o14;
        long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14;
        long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14;
        long r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14;
        long s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14;
        long t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14;
        long u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14;
        long v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14;
        long w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14;
        long x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14;
        long y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14;
        long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14;
        return frames == 0 ? sink : large(frames - 1) + 1;
    }

    /**
     * Overwrites what code that has returned may have left on the stack of this thread. Compiled code keeps there what
     * does not fit into registers, interpreted code keeps all its data there, and the JVM saves all registers there
     * when it stops the thread.
     *
     * <p>Overwrites as far below the caller as this library's code, and all that it calls, reaches, but no frames that
     * are still in use. Never throws: where the stack ends, there is nothing left to overwrite.
     */
    public static void wipe() {
        try { // Called from here: the frame of a method in between would leave a part that is not overwritten.
            sink += StackEraser.erase(WIPED_FRAMES);
        } catch (StackOverflowError e) {
            wipeToTheEnd();
        }
    }

    /**
     * Does what {@link #wipe()} does, for half as far: enough for code that calls ciphers and digests of a library, and
     * little else.
     */
    public static void wipeNear() {
        try { // Called from here: the frame of a method in between would leave a part that is not overwritten.
            sink += StackEraser.erase(1);
        } catch (StackOverflowError e) {
            sink++; // There is nothing left to overwrite.
        }
    }

    private static void wipeToTheEnd() {
        try {
            sink += StackEraser.erase(1);
        } catch (StackOverflowError e) {
            sink++;
        }
    }

    private static void use(int frames) {
        if (descend(frames, 1, 2, 3, 4, 5, 6) == 0) {
            sink++;
        }
    }

    private static long descend(int frames, long a, long b, long c, long d, long e, long f) {
        if (frames == 0) {
            return a ^ b ^ c ^ d ^ e ^ f;
        }
        long below = descend(frames - 1, b, c, d, e, f, a + frames);
        return below + (a ^ b) + (c ^ d) + (e ^ f);
    }
}
