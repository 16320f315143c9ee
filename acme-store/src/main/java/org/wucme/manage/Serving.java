package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.ServerCertificates;

/** Serves what a manager keeps, as soon as somebody asks for that. Thread-safe. */
final class Serving implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private final CertificateSource source;
    private final Clock clock;
    private final Consumer<ServerCertificates.Builder> settings;
    private final AtomicReference<@Nullable ServerCertificates> opened = new AtomicReference<>();
    private volatile boolean isClosed;

    /**
     * Opens nothing yet.
     *
     * @param settings configures what is served
     */
    Serving(CertificateSource source, Clock clock, Consumer<ServerCertificates.Builder> settings) {
        this.source = source;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * What is served; the same each time.
     *
     * @throws IllegalStateException if this is closed
     */
    ServerCertificates certificates() throws IOException {
        ServerCertificates present = opened.get();
        if (present != null) {
            return present;
        }
        ServerCertificates made = open();
        ServerCertificates first = opened.compareAndExchange(null, made);
        if (first != null || isClosed) {
            made.close();
        }
        return first == null ? made : first;
    }

    private ServerCertificates open() throws IOException {
        ServerCertificates.Builder builder = ServerCertificates.builder(source).clock(clock);
        settings.accept(builder);
        return builder.open();
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
        if (present != null && !isClosed) {
            try {
                present.refresh(stored.name());
            } catch (IllegalStateException e) {
                LOG.debug("closed before {} could be served", stored.name(), Trace.of(e));
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        ServerCertificates present = opened.get();
        if (present != null) {
            present.close();
        }
    }
}
