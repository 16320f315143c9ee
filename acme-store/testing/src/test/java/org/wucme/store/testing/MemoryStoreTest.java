package org.wucme.store.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;

class MemoryStoreTest extends StoreSafetyContract {

    private final MemoryStore memory = new MemoryStore();

    @Override
    protected CertificateStore open() {
        return memory.node();
    }

    @Test
    void callsAreCountedByKind() throws Exception {
        CountingStore counting = new CountingStore(memory);

        counting.store().saveSpec("A", CertificateSpec.builder("a.example").build(), false, null);
        counting.store().load("A");
        counting.store().list();
        counting.store().lease("x", Duration.ZERO).orElseThrow().close();

        assertThat(counting.calls()).containsOnlyKeys("saveSpec", "load", "list", "lease");
        assertThat(counting.total()).isEqualTo(4);
        assertThat(counting.writes()).isEqualTo(1);
        assertThat(counting.fullLists()).isEqualTo(1);
        counting.reset();
        assertThat(counting.total()).isZero();
    }
}
