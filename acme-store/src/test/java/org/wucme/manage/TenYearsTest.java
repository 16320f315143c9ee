package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand certificates over ten years of planning, with a CA and a clock that misbehave. */
class TenYearsTest {

    private static final double MOST_UNEVEN = 30;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tenYearsOfAThousandCertificatesLoseNone() {
        Simulation simulation = new Simulation(2026);

        simulation.run(Duration.ofDays(3652));

        System.out.println(simulation.report());
        for (Simulation.Kind kind : Simulation.Kind.values()) {
            Simulation.Tally tally = simulation.tally(kind);
            assertThat(tally.expired).as("expired: %s", kind).isZero();
            assertThat(tally.outsideRule).as("renewed for no reason: %s", kind).isZero();
            assertThat(tally.worstLeftPercent).as("worst left: %s", kind).isGreaterThan(5);
            assertThat(tally.renewals).as("renewals: %s", kind).isGreaterThan(kind.fewestRenewals());
            assertThat(tally.busiestHour).as("busiest hour: %s", kind).isLessThan(Math.max(20, (long)
                    (MOST_UNEVEN * tally.meanPerHour(simulation.hours()))));
        }
        assertThat(simulation.mostFailuresOfANameInAnHour()).isLessThanOrEqualTo(5);
        assertThat(simulation.movedWindows()).isPositive();
    }
}
