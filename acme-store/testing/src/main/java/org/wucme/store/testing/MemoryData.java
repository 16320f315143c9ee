package org.wucme.store.testing;

import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.JournaledRecord;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.UsageCounts;

/** What all nodes of a {@link MemoryStore} share. Its monitor guards it. */
final class MemoryData {

    final TreeMap<String, Row> rows = new TreeMap<>();
    final TreeMap<String, Long> removed = new TreeMap<>();
    final Map<String, KeyPair> nextKeys = new HashMap<>();
    final Map<String, StoredAccount> accounts = new HashMap<>();
    final Map<String, KeyPair> nextAccountKeys = new HashMap<>();
    final Set<String> compromised = new HashSet<>();
    final Map<String, PendingAnswer> answers = new HashMap<>();
    final List<JournaledRecord> journal = new ArrayList<>();
    final Map<String, UsageCounts> budgets = new HashMap<>();
    final Map<String, Instant> alarms = new HashMap<>();
    final List<StoredCertificate> history = new ArrayList<>();

    @Nullable
    String defaultDirectoryUrl;

    long changes;

    /**
     * What is stored under one name.
     *
     * @param changed the number of the change that it came of
     */
    record Row(
            @Nullable RenewalRecord record,
            @Nullable CertificateChain chain,
            @Nullable KeyPair keyPair,
            long changed) {

        StoredCertificate stored(String name) {
            return new StoredCertificate(name, "memory:" + name, chain, keyPair, record, null);
        }
    }

    void put(String name, @Nullable RenewalRecord record, @Nullable CertificateChain chain, @Nullable KeyPair keyPair) {
        changes++;
        rows.put(name, new Row(record, chain, keyPair, changes));
        removed.remove(name);
    }

    void remove(String name) {
        changes++;
        rows.remove(name);
        nextKeys.remove(name);
        removed.put(name, changes);
    }
}
