// The last lines of a build: what ran on which Java, for how long, and what did not. Reads the reports of all modules.
def figures = { File report ->
    // The figures are in the first element; what a test printed comes much later.
    def suite = (report.getText('UTF-8').take(4000) =~ /(?s)<testsuite (.*?)>/)[0][1]
    def figure = { name -> (suite =~ /\b${name}="([\d.,]+)"/)[0][1].replace(',', '').toBigDecimal() }
    [tests: figure('tests'), failed: figure('errors') + figure('failures'), skipped: figure('skipped'), seconds: figure('time')]
}

def given = { String name -> session.userProperties[name] ?: project.properties[name] }
def runs = new TreeMap<String, Map>()
session.projects.each { module ->
    ['surefire': 'classes', 'failsafe': 'packages'].each { plugin, tested ->
        new File(module.build.directory, "${plugin}-reports").listFiles()?.findAll { it.directory }?.each { run ->
            def sum = [tests: 0, failed: 0, skipped: 0, seconds: 0]
            // Not those that an earlier build left.
            def reports = run.listFiles().findAll { it.name ==~ /TEST-.*\.xml/ && it.lastModified() >= session.startTime.time }
            reports.each { report -> figures(report).each { name, value -> sum[name] += value } }
            if (reports.empty) {
                return
            }
            runs["${module.artifactId}, ${tested}, ${run.name}"] = sum
        }
    }
}

log.info(String.format('%-68s %6s %6s %7s %8s', 'Run', 'tests', 'failed', 'skipped', 'seconds'))
runs.each { name, sum ->
    log.info(String.format('%-68s %6.0f %6.0f %7.0f %8.1f', name, sum.tests, sum.failed, sum.skipped, sum.seconds))
}
log.info("Seconds are those of all test classes; ${given('test.jvms')} virtual machines share them, one those of the packaged benchmarks.")
def seed = given('tests.seed')
log.info("Random order: seed ${seed} on the newest Java, 1${seed} on the oldest. To repeat it: -Dtests.seed=${seed}")
if (given('tests.effort') != 'thorough') {
    log.info('NOT RUN: the long searches, which ./mvnw -Pthorough verify has')
}
if (!System.getProperty('os.name').equalsIgnoreCase('linux')) {
    log.warn("NOT RUN: tests that are bound to Linux, as this is ${System.getProperty('os.name')}")
}
if (session.userProperties['oldest.jdk.missing'] == 'true') {
    log.warn('NOT RUN: all tests on Java 17, the oldest that is supported, as no JDK 17 was found; ' +
            'releases and continuous integration need both')
}
