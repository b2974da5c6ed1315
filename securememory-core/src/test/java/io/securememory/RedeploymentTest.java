package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Containers load an application anew again and again: nothing of this library may keep the class loader of an old one. */
class RedeploymentTest {

    /** How long the thread of JNA waits for more to clean, which the long form waits for. */
    private static final Duration JNA_LINGERS = Duration.ofSeconds(30);

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void classLoadersOfStoppedApplicationsEndWithFfm() {
        assertLoadersEnd("FFM", "own", "closed");
    }

    @Test
    void classLoadersOfStoppedApplicationsEndWithJna() {
        assertLoadersEnd("JNA", "own", "closed");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void classLoadersOfApplicationsThatForgetTheirSessionEndWithFfm() {
        assertLoadersEnd("FFM", "own", "forgotten");
    }

    @Test
    void classLoadersOfApplicationsThatForgetTheirSessionEndWithJna() {
        assertLoadersEnd("JNA", "own", "forgotten");
    }

    @Test
    void aLibraryThatApplicationsShareKeepsNoneOfThem() {
        assertLoadersEnd("JNA", "shared", "closed");
    }

    private static void assertLoadersEnd(String... arguments) {
        Result result = ChildJvm.onTestClassPath(Redeployment.class)
                .quickStart()
                .withNativeAccess()
                .options("-XX:SoftRefLRUPolicyMSPerMB=0", "-Dtests.effort=" + System.getProperty("tests.effort"))
                .arguments(arguments)
                .within(Effort.limit(JNA_LINGERS))
                .run();
        assertThat(result.output()).contains("all class loaders are gone");
        assertThat(result.exitCode()).isZero();
    }
}
