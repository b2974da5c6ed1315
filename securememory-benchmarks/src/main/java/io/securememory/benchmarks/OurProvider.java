package io.securememory.benchmarks;

import io.securememory.jca.SecureMemoryProvider;
import java.security.Provider;
import java.security.Security;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The provider of this library, at the end of the list, as an application has it. */
@State(Scope.Benchmark)
public class OurProvider {

    private Provider provider;

    @Setup(Level.Trial)
    public void add(Sessions.Session session) {
        provider = new SecureMemoryProvider(session.session);
        Security.addProvider(provider);
    }

    @TearDown(Level.Trial)
    public void remove() {
        Security.removeProvider(provider.getName());
    }

    /** Makes sure that what is measured is what the figure will be called. */
    void requireOwn(Provider chosen) {
        if (chosen != provider) {
            throw new IllegalStateException("the key is used by " + chosen + " and not by " + provider);
        }
    }
}
