package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.ServerCertificates;

/** Serves what a manager keeps, as soon as somebody asks for that. Thread-safe. */
final class Serving implements AutoCloseable {

    private final CertificateSource source;
    private final Clock clock;
    private final Set<Identifier> temporary;
    private final AtomicReference<@Nullable ServerCertificates> opened = new AtomicReference<>();

    /**
     * Opens nothing yet.
     *
     * @param temporary what a self-signed certificate is made for while the source has none; may be empty
     */
    Serving(CertificateSource source, Clock clock, Set<Identifier> temporary) {
        this.source = source;
        this.clock = clock;
        this.temporary = temporary;
    }

    /** What is served; the same each time. */
    ServerCertificates certificates() throws IOException {
        ServerCertificates present = opened.get();
        if (present != null) {
            return present;
        }
        ServerCertificates made = open();
        ServerCertificates first = opened.compareAndExchange(null, made);
        if (first == null) {
            return made;
        }
        made.close();
        return first;
    }

    private ServerCertificates open() throws IOException {
        ServerCertificates.Builder builder = ServerCertificates.builder(source).clock(clock);
        return temporary.isEmpty()
                ? builder.open()
                : builder.temporaryCertificate(temporary).open();
    }

    /** A listener that serves a new certificate before the next one hears of it. */
    Consumer<ManagerEvent> before(Consumer<ManagerEvent> next) {
        return event -> {
            if (event instanceof ManagerEvent.Obtained obtained) {
                refresh(obtained.certificate());
            } else if (event instanceof ManagerEvent.Renewed renewed) {
                refresh(renewed.certificate());
            }
            next.accept(event);
        };
    }

    private void refresh(StoredCertificate stored) {
        ServerCertificates present = opened.get();
        if (present != null) {
            present.refresh(stored.name());
        }
    }

    @Override
    public void close() {
        ServerCertificates present = opened.get();
        if (present != null) {
            present.close();
        }
    }
}
