package org.wucme.store.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Of several things that are done one after the other, those that failed: none keeps the others from being done. */
final class Failures {

    private @Nullable IOException first;

    void collect(Changes.Change<?> change) {
        try {
            Object unused = change.run();
        } catch (IOException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    void throwFirst() throws IOException {
        if (first != null) {
            throw first;
        }
    }
}
