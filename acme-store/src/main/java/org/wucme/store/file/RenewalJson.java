package org.wucme.store.file;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;
import org.wucme.store.RecordJson;
import org.wucme.store.RenewalRecord;

/**
 * A renewal record as it is written to its file.
 *
 * @param json the record, with everything else in the file
 * @param seal what it says of the certificate it was written with
 */
record RenewalJson(RecordJson json, Seal seal) {

    /**
     * Reads the text of a record.
     *
     * @param cas the CA of a directory URL
     * @throws IllegalArgumentException if it is not understood; the message says why
     */
    static RenewalJson parse(String text, Function<String, Ca> cas) {
        RecordJson json = RecordJson.parse(text, cas);
        return new RenewalJson(json, Seal.of(json));
    }

    /**
     * The text of a record.
     *
     * @param before what it replaces, whose unknown members it keeps
     * @param seal of the certificate it belongs to
     */
    static String text(RenewalRecord record, @Nullable RenewalJson before, Seal seal) {
        return seal.addTo(before == null ? RecordJson.of(record) : before.json.with(record))
                .toText();
    }

    RenewalRecord record() {
        return json.record();
    }

    /** Fingerprint of the certificate it was written with; null if there was none. */
    @Nullable
    String certificate() {
        return seal.certificate();
    }
}
