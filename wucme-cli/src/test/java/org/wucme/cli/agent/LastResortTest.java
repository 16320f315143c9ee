package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.StoreMovedException;

class LastResortTest {

    private static boolean givesUpAfter(Throwable cause) {
        AtomicBoolean hasGivenUp = new AtomicBoolean();
        new LastResort(() -> hasGivenUp.set(true)).accept(new ManagerEvent.Trouble(cause));
        return hasGivenUp.get();
    }

    @Test
    void withoutItsProgramOrMemoryAProcessGivesUp() {
        assertThat(givesUpAfter(new NoClassDefFoundError("org/example/Gone"))).isTrue();
        assertThat(givesUpAfter(new OutOfMemoryError("heap"))).isTrue();
    }

    @Test
    void inAnotherFolderTheNextProcessBegins() {
        assertThat(givesUpAfter(new StoreMovedException("/tls leads elsewhere")))
                .isTrue();
    }

    @Test
    void whatTheNextProcessCouldDoNoBetterIsNoReasonToGiveUp() {
        assertThat(givesUpAfter(new StackOverflowError("nested too deep"))).isFalse();
        assertThat(givesUpAfter(new IOException("the disk is full"))).isFalse();
    }
}
