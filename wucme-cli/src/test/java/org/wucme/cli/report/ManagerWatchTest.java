package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;
import org.wucme.store.StoredCertificate;

class ManagerWatchTest {

    private final ManagerWatch watch = new ManagerWatch(Clock.fixed(Samples.NOW, ZoneOffset.UTC), "process 1");

    @Test
    void aManagerStandsByUntilItSaysThatItIsActive() {
        assertThat(watch.get().role()).isEqualTo(ManagerState.Role.STANDBY);

        watch.accept(new ManagerEvent.BecameActive());

        assertThat(watch.get())
                .isEqualTo(new ManagerState(ManagerState.Role.ACTIVE, "process 1", Samples.NOW, 0, 0, null));
    }

    @Test
    void aManagerThatStandsBySaysForWhom() {
        watch.accept(new ManagerEvent.BecameStandby(new ActiveManager("www2", 7L, Samples.daysAgo(1))));

        assertThat(watch.get().role()).isEqualTo(ManagerState.Role.STANDBY);
        assertThat(watch.get().who()).isEqualTo("process 7 on www2");
        assertThat(watch.get().since()).isEqualTo(Samples.daysAgo(1));
    }

    @Test
    void successesAndFailuresAreCounted() {
        StoredCertificate certificate = Samples.stored(0, 90, UnaryOperator.identity(), "a.example");

        watch.accept(new ManagerEvent.Failed("A_EXAMPLE", new IOException("no route"), null));
        watch.accept(new ManagerEvent.Obtained(certificate));
        watch.accept(new ManagerEvent.Renewed(certificate));

        assertThat(watch.get().renewals()).isEqualTo(2);
        assertThat(watch.get().failures()).isEqualTo(1);
        assertThat(watch.get().lastSuccess()).isEqualTo(Samples.NOW);
    }
}
