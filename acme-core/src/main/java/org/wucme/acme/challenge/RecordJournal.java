package org.wucme.acme.challenge;

import java.io.IOException;
import java.util.List;

/**
 * The DNS records that are to be removed again: noted before they are written and struck out after they are removed, so that
 * what a crash left behind is cleaned up later. Thread-safe, and shared by all processes and nodes that use the same store;
 * for a zone, the holder of the lease {@code dns/ZONE} alone writes.
 */
public interface RecordJournal {

    /**
     * Notes a record, before it is written. It replaces {@linkplain JournaledRecord#isSameRecord the same record}, as when
     * its handle has become known.
     *
     * @throws IOException if it cannot be noted; then the record should not be written
     */
    void add(JournaledRecord record) throws IOException;

    /**
     * Strikes out {@linkplain JournaledRecord#isSameRecord a record}, after it is removed; does nothing if it is not noted.
     *
     * @throws IOException if it cannot be struck out; then it is removed once more, which does no harm
     */
    void remove(JournaledRecord record) throws IOException;

    /**
     * All that are noted, the earliest first; some may belong to attempts that are running.
     *
     * @throws IOException if the journal cannot be read
     */
    List<JournaledRecord> pending() throws IOException;
}
