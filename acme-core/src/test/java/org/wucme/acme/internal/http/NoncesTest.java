package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.wucme.acme.FakeTime;

/** Checklist items 9 and 10. */
class NoncesTest {

    private final FakeTime time = new FakeTime(Instant.EPOCH);
    private final Nonces nonces = new Nonces(time);

    @Test
    void theNewestIsUsedFirstAndNoneTwice() {
        nonces.offer("one");
        nonces.offer("two");
        nonces.offer(null);
        assertThat(nonces.size()).isEqualTo(2);
        assertThat(nonces.poll()).isEqualTo("two");
        assertThat(nonces.poll()).isEqualTo("one");
        assertThat(nonces.poll()).isNull();
    }

    @Test
    void oldNoncesAreDropped() {
        nonces.offer("older");
        nonces.offer("old");
        time.sleep(Duration.ofMinutes(9));
        nonces.offer("young");
        time.sleep(Duration.ofMinutes(5));
        assertThat(nonces.size()).isEqualTo(1);
        assertThat(nonces.poll()).isEqualTo("young");
        assertThat(nonces.poll()).isNull();
        assertThat(nonces.size()).isZero();
    }
}
