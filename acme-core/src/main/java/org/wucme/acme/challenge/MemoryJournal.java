package org.wucme.acme.challenge;

import java.util.ArrayList;
import java.util.List;

/** The records of one process. */
final class MemoryJournal implements RecordJournal {

    private final List<JournaledRecord> all = new ArrayList<>();

    @Override
    public synchronized void add(JournaledRecord record) {
        remove(record);
        all.add(record);
    }

    @Override
    public synchronized void remove(JournaledRecord record) {
        all.removeIf(record::isSameRecord);
    }

    @Override
    public synchronized List<JournaledRecord> pending() {
        return List.copyOf(all);
    }
}
