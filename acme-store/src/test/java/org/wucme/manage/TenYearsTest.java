package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand certificates, and some hundred of other CAs, over ten years of planning, with CAs and a clock that misbehave.
 */
class TenYearsTest {

    private static final double MOST_UNEVEN = 30;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tenYearsOfAThousandCertificatesLoseNone() {
        Simulation simulation = new Simulation(2026);

        simulation.run(Duration.ofDays(3652));

        System.out.println(simulation.report());
        for (Simulation.Group group : Simulation.Group.all()) {
            Simulation.Tally tally = simulation.tally(group);
            assertThat(tally.expired).as("expired: %s", group).isZero();
            assertThat(tally.outsideRule).as("renewed for no reason: %s", group).isZero();
            assertThat(tally.worstLeftPercent).as("worst left: %s", group).isGreaterThan(5);
            assertThat(tally.renewals).as("renewals: %s", group).isGreaterThan(group.fewestRenewals());
            assertThat(tally.busiestHour).as("busiest hour: %s", group).isLessThan(Math.max(20, (long)
                    (MOST_UNEVEN * tally.meanPerHour(simulation.hours()))));
            boolean isLongest = group.outage() == Simulation.Outage.FOUR_WEEKS;
            assertThat(tally.renewalsInOutages)
                    .as("by the second CA: %s", group)
                    .isGreaterThan(isLongest ? 0 : -1);
        }
        assertThat(simulation.mostFailuresOfANameInAnHour()).isLessThanOrEqualTo(5);
        assertThat(simulation.movedWindows()).isPositive();
    }
}
