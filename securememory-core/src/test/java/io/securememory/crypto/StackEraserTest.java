package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.api.Test;

/** What {@link StackEraser} rests on: no compiler takes its method. What it erases is what {@code ResidueIT} searches for. */
@OnEverySystem
class StackEraserTest {

    private static final int CALLS = 200_000;

    @Test
    void itsMethodIsInterpretedHoweverOftenItIsCalled() {
        String output = ChildJvm.onTestClassPath(Child.class)
                .options("-XX:+PrintCompilation")
                .run()
                .output();

        assertThat(output).contains("StackEraserTest$Child::call", "done");
        assertThat(output.lines().filter(line -> line.contains("StackEraser::erase")))
                .isEmpty();
    }

    @Test
    void whereTheStackEndsItStops() {
        assertThat(deepest(0)).isPositive();
    }

    /** Wipes at each depth, down to where there is no more stack. */
    private static int deepest(int depth) {
        StackProbe.wipe();
        try {
            return deepest(depth + 1);
        } catch (StackOverflowError e) {
            return depth;
        }
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            int result = 0;
            for (int i = 0; i < CALLS; i++) {
                result += call();
            }
            System.out.println(result == 0 ? "done" : "wrong");
        }

        private static int call() {
            return StackEraser.erase(2);
        }
    }
}
