package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;

/**
 * What a command writes to its standard output. It is started without a shell. What it writes to its standard error goes
 * nowhere, because it may be secret, too.
 *
 * @param words the program and its arguments
 * @param timeout longest time for all
 */
public record CommandOrigin(List<String> words, Duration timeout) implements Origin {

    private static final String TRY_IT = "Run the command as the user of this process, to see what it says.";

    /** Copies the list. */
    public CommandOrigin {
        words = List.copyOf(words);
    }

    @Override
    public LockedBuffer read(SourceAccess access, int maxLength) {
        try (NamedPipe pipe = pipe();
                GrowingBuffer output = new GrowingBuffer(access.memGuard(), maxLength)) {
            Process process = start(pipe);
            try (CommandRun run = new CommandRun(process, pipe.reader(), Deadline.after(timeout))) {
                pipe.handOver();
                run.readInto(output);
                return result(run, output, maxLength);
            }
        } catch (IOException e) {
            throw SourceException.of(
                    Reason.UNREADABLE,
                    "its output cannot be read (" + e.getClass().getSimpleName() + ").",
                    TRY_IT,
                    e);
        }
    }

    private LockedBuffer result(CommandRun run, GrowingBuffer output, int maxLength) throws IOException {
        if (output.isTooLong()) {
            throw SourceException.of(
                    Reason.TOO_LARGE,
                    "it writes more than " + maxLength + " bytes.",
                    "Let it write this one secret and nothing else.");
        }
        int status = run.awaitExit();
        if (run.isOver()) {
            throw SourceException.of(
                    Reason.UNREACHABLE,
                    "it did not end within " + timeout.toMillis() + "ms, and was ended.",
                    "It gets no input: let it ask for nothing. Or set a longer timeout.");
        }
        if (status != 0) {
            throw SourceException.of(
                    Reason.UNREACHABLE,
                    "it ended with code " + status + ". What it wrote is not shown, because it may be secret.",
                    TRY_IT);
        }
        if (output.length() == 0) {
            throw SourceException.of(Reason.EMPTY, "it writes nothing.", TRY_IT);
        }
        return output.part(0, output.length());
    }

    private static NamedPipe pipe() {
        try {
            return NamedPipe.make();
        } catch (IOException e) {
            throw SourceException.of(
                    Reason.UNREADABLE,
                    "there is no pipe for its output.",
                    "The pipe is made by the program mkfifo (coreutils) in the directory java.io.tmpdir. Where there is no such"
                            + " program, as on Windows, let the command write to a file in memory, and set the location to it.",
                    e);
        }
    }

    private Process start(NamedPipe pipe) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectOutput(Redirect.to(pipe.file()))
                    .redirectError(Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw SourceException.of(
                    Reason.MISSING,
                    "it cannot be started.",
                    "Set its first word to the absolute path of a program that this user may run. A shell is not used: write"
                            + " each argument as a word of its own.",
                    e);
        }
    }

    /** Shows the program only: an argument may be secret. */
    @Override
    public String toString() {
        return "the output of " + words.get(0);
    }
}
