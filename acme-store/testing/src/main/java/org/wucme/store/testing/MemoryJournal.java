package org.wucme.store.testing;

import java.util.List;
import org.wucme.acme.challenge.JournaledRecord;
import org.wucme.acme.challenge.RecordJournal;

/** The DNS records that are noted in a {@link MemoryStore}. */
record MemoryJournal(MemoryData data) implements RecordJournal {

    @Override
    public void add(JournaledRecord record) {
        synchronized (data) {
            data.journal.replaceAll(present -> present.isSameRecord(record) ? record : present);
            if (!data.journal.contains(record)) {
                data.journal.add(record);
            }
        }
    }

    @Override
    public void remove(JournaledRecord record) {
        synchronized (data) {
            data.journal.removeIf(record::isSameRecord);
        }
    }

    @Override
    public List<JournaledRecord> pending() {
        synchronized (data) {
            return List.copyOf(data.journal);
        }
    }
}
