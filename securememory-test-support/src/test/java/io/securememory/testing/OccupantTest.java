package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@OnEverySystem
class OccupantTest {

    private final Workers workers = new Workers();

    @AfterEach
    void stopThreads() {
        workers.close();
    }

    @Test
    void staysInsideUntilItIsLetGo() throws ExecutionException {
        Occupant<String> occupant = Occupant.enter(workers, place -> {
            place.stay();
            return "left";
        });

        assertThat(occupant.result()).isNotDone();
        assertThat(occupant.leave()).isEqualTo("left");
    }

    @Test
    void failureBeforeItIsInsideIsThrown() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Occupant.enter(workers, place -> {
                    throw new IllegalStateException("refused");
                }))
                .withMessageContaining("refused");
    }

    @Test
    void oneThatIsNeverLetGoEndsWithItsWorkers() throws ExecutionException {
        Occupant<String> occupant = Occupant.enter(workers, place -> {
            place.stay();
            return "left";
        });

        workers.close();

        assertThat(occupant.result()).isDone();
    }
}
