package io.securememory.spring.boot.autoconfigure.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Way;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.testing.Await;
import io.securememory.testing.Certificates;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and users of a bundle that block whoever comes to them, and callers that are interrupted. */
@OnceInShortForm
class StuckBundleWatchTest {

    private final Certificates old = Certificates.of("EC");
    private final Certificates next = Certificates.another("EC");
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    Path directory;

    private WatchFixture fixture;

    @BeforeEach
    void start() {
        fixture = new WatchFixture(directory, true).with(old, old).start();
    }

    @AfterEach
    void close() {
        end.countDown();
        fixture.close();
    }

    private void replace() throws IOException {
        Way.RENAMED.write(fixture.file("certificate"), next.certificatePem());
        Way.RENAMED.write(fixture.file("key"), next.keyPem());
    }

    @Test
    void aCertificateThatIsAPipeBlocksNobodyAndTheNextFileIsTaken() throws Exception {
        Files.delete(fixture.file("certificate"));
        assertThat(Program.run("mkfifo", fixture.file("certificate").toString()).exitCode())
                .isZero();
        fixture.interval();
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.FAILING);
        assertThat(fixture.bundleStatus().problem()).contains("it is not a regular file");
        assertThat(fixture.store().reload(WatchFixture.KEY)).isFalse();
        assertThat(fixture.served()).isEqualTo(old.certificate());
        replace();
        fixture.interval();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
    }

    @Test
    void aReloadByAnInterruptedThreadTakesKeyAndCertificateAndLeavesItInterrupted() throws IOException {
        replace();
        Thread.currentThread().interrupt();
        assertThat(fixture.store().reload(WatchFixture.KEY)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fixture.served()).isEqualTo(next.certificate());
        assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
    }

    @Test
    void aLookOfAnInterruptedThreadTakesThemToo() throws IOException {
        replace();
        Thread.currentThread().interrupt();
        fixture.interval();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fixture.served()).isEqualTo(next.certificate());
    }

    @Test
    void aUserOfTheBundleThatNeverReturnsKeepsNobodyFromHearingOfTheKey() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        fixture.store().addListener(told::add);
        fixture.bundles.addBundleUpdateHandler("web", bundle -> Await.open("the end", end));
        replace();
        assertThat(fixture.store().reload(WatchFixture.KEY)).isTrue();
        assertThat(told).containsExactly(WatchFixture.KEY);
        assertThat(fixture.served()).isEqualTo(next.certificate());
        Way.RENAMED.write(fixture.file("key"), next.keyPem() + "\n");
        fixture.rotation().look();
        fixture.rotation().tell();
        assertThat(told).hasSize(2);
    }
}
