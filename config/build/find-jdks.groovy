// Which Javas there are decides what this build does. The newest one compiles and tests everything; the oldest one repeats
// the tests. Sets, for all modules: oldest.jdk.range, which is that of the newest one if there is no oldest, and
// oldest.jdk.missing. Discovers what the toolchains plugin discovers.
import org.apache.maven.artifact.versioning.DefaultArtifactVersion
import org.apache.maven.artifact.versioning.VersionRange
import org.apache.maven.plugin.MojoFailureException
import org.apache.maven.plugins.toolchain.jdk.ToolchainDiscoverer
import org.apache.maven.toolchain.ToolchainManager

def shared = session.userProperties
if (shared['oldest.jdk.missing'] != null) {
    return // Another module of this build has looked.
}

def discovered = new ToolchainDiscoverer().discoverToolchains().toolchains.collect { it.provides['version'] }
def isThere = { String range ->
    def versions = VersionRange.createFromVersionSpec(range)
    !session.lookup(ToolchainManager.name).getToolchains(session, 'jdk', [version: range]).isEmpty() ||
            discovered.any { it != null && versions.containsVersion(new DefaultArtifactVersion(it)) }
}

def newest = project.properties['newest.jdk']
def oldest = project.properties['oldest.jdk']
if (!isThere(newest)) {
    log.error("Install a JDK 25, for example with 'apt install openjdk-25-jdk', 'brew install openjdk@25', " +
            "'winget install EclipseAdoptium.Temurin.25.JDK' or 'sdk install java 25-tem'. This build found no JDK 22 or " +
            "newer beside the ${System.getProperty('java.version')} that runs Maven.")
    throw new MojoFailureException('no JDK 22 or newer')
}
def missing = !isThere(oldest)
if (missing && Boolean.parseBoolean(shared['both.javas.required'] ?: 'false')) {
    log.error("Install a JDK 17, too, for example with 'apt install openjdk-17-jdk', 'brew install openjdk@17', " +
            "'winget install EclipseAdoptium.Temurin.17.JDK' or 'sdk install java 17-tem': both.javas.required is set.")
    throw new MojoFailureException('no JDK 17')
}
shared['oldest.jdk.missing'] = missing.toString()
shared['oldest.jdk.range'] = missing ? newest : oldest
if (missing) {
    log.warn('No JDK 17 was found: all tests run on the newest Java only.')
}
log.info("Tests run in random order. To repeat it: -Dtests.seed=${shared['tests.seed'] ?: project.properties['tests.seed']}")
