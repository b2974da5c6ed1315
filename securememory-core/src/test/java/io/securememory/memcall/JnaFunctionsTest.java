package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.internal.JnaBinding;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import org.junit.jupiter.api.Test;

/** How long JNA's functions stay bound. In a child, as other tests here may have sessions. */
class JnaFunctionsTest {

    @Test
    void functionsAreBoundWhileSomebodyCanCallThemAndAgainForTheNextOne() {
        assertThat(output("each")).contains("bound and unbound 3 times");
    }

    @Test
    void manySessionsOneAfterTheOtherDoNotBindForEver() {
        assertThat(output("many")).contains("stays bound");
    }

    private static String output(String what) {
        Result result = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .withNativeAccess()
                .options("-Xmx16m")
                .arguments(what)
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            if (arguments[0].equals("each")) {
                for (int i = 0; i < 3; i++) {
                    use();
                    Await.collected("the end of the last user", () -> !JnaFunctions.isBound());
                }
                System.out.println("bound and unbound 3 times");
            } else {
                for (int i = 0; i < JnaBinding.MAX_BINDINGS; i++) {
                    assertThat(JnaFunctions.isBound()).isFalse();
                    use();
                    Await.collected("the end of the last user", () -> JnaFunctions.instances() == 0);
                }
                use();
                System.out.println(JnaFunctions.isBound() ? "stays bound" : "is unbound for ever");
            }
        }

        private static void use() {
            LibC first = new JnaLibC();
            LibC second = new JnaLibC();
            assertThat(first.sysconf(30)).isEqualTo(second.sysconf(30)).isPositive();
            assertThat(JnaFunctions.isBound()).isTrue();
        }
    }
}
