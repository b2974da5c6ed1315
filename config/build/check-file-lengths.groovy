// Fails if a source file has more lines of code than a reader can keep in mind. Comments, Javadoc and empty lines do not count:
// documentation must not be left out to keep a file short.
def most = 300
def isCode = { String line -> !(line.strip() ==~ /|\/\/.*|\/\*.*|\*.*/) }
def sources = new File(project.basedir, 'src')
def tooLong = []
if (sources.directory) {
    sources.eachFileRecurse {
        if (it.name ==~ /.*\.(java|kt)/) {
            def lines = it.readLines('UTF-8').count(isCode)
            if (lines > most) {
                tooLong << "${project.basedir.relativePath(it)} has ${lines} lines of code, ${most} are most: split it."
            }
        }
    }
}
if (tooLong) {
    throw new IllegalStateException('Files that are too long:\n' + tooLong.join('\n'))
}
