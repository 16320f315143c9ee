package org.wucme.store.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Sleeper;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;

class MemoryTakeoverTest extends StoreTakeoverContract {

    private static final Duration LEASE = Duration.ofSeconds(60);

    private volatile Instant time = Instant.now();
    private final MemoryStore memory = new MemoryStore(
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return time;
                }
            },
            Sleeper.SYSTEM,
            LEASE);

    @Override
    protected CertificateStore open() {
        return memory.node();
    }

    @Override
    protected void expireLeases(CertificateStore node) {
        advance(LEASE);
    }

    private void advance(Duration by) {
        time = time.plus(by);
    }

    @Test
    void aLeaseThatIsRenewedInTimeStays() throws Exception {
        MemoryStore node = memory.node();
        Lease lease = node.lease("active", Duration.ZERO).orElseThrow();
        for (int i = 0; i < 5; i++) {
            advance(LEASE.dividedBy(3));
            node.renewLeases();
        }
        assertThat(lease.isHeld()).isTrue();
        assertThat(node.active()).isPresent();

        advance(LEASE);
        node.renewLeases();

        assertThat(lease.isHeld()).isFalse();
        assertThat(node.active()).isEmpty();
    }
}
