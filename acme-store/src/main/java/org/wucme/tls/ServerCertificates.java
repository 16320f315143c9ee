package org.wucme.tls;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.store.CertificateSource;
import org.wucme.tls.Selection.Fallback;

/**
 * The certificates of a TLS server: always the current ones of a store, without a restart. A handshake after a certificate
 * was replaced gets the new one; connections that are open live on, and a session that is resumed stays what it was.
 *
 * <p>The store is watched, so that certificates which another process keeps fresh are followed too. Whoever replaces
 * certificates in this process calls {@link #refresh(String)}, and the next handshake has the new one.
 *
 * <p>A handshake gets the certificate with the name that it asks for (SNI, RFC 6066 section 3); else one with a wildcard in
 * the place of that name's first label; of several, one that has not expired, whose issuer the client knows if it says
 * which, and that lives longest. Who asks for no name gets the certificate for the address that he reached, if the server uses
 * sockets; an engine does not know the address. All others get what {@link Builder#fallback} says; without it, who asks for no
 * name gets the first certificate that has an address, and everybody else the first at all, in the order of the store's
 * names. A client that cannot use the type of the certificate's key gets none, and its handshake fails.
 *
 * <p>A certificate that cannot be read, or has expired, is served as it was, with a warning, until there is a better one; one
 * that is gone from the store is served no more.
 *
 * <p>Of each certificate its names are kept in memory, and of as many as {@link Builder#keysInMemory} says, key and chain too:
 * from the start while there is room, then those used last. A handshake for one of these reads nothing and waits for nothing,
 * whatever other handshakes need. A key that is not in memory is loaded by threads of this object; a handshake waits for it no
 * longer than {@link Builder#loadDeadline}, and then gets what a name without a certificate gets, as it does if the key cannot
 * be read: another certificate with its name, the temporary one, the fallback, or none, so that it fails with an alert.
 *
 * <p>JSSE asks for a certificate in the thread that does the handshake, which in some servers serves many connections: have
 * these run TLS tasks on an executor, or set a deadline of zero. The wucme-examples show how for each server.
 *
 * <p>Thread-safe. Closing it ends the watching and loading; handshakes go on with what is in memory, and all methods but
 * {@link #close} throw an {@link IllegalStateException}.
 */
public final class ServerCertificates implements AutoCloseable {

    private final Changes changes;
    private final Loader loader;
    private final LoadedKeys keys;
    private final CurrentKeyManager keyManager;
    private final Watcher watcher;
    private volatile boolean isClosed;

    private ServerCertificates(Builder builder) {
        Aliases aliases = new Aliases();
        CertificateIndex index = new CertificateIndex();
        this.keys = new LoadedKeys(builder.keysInMemory);
        this.loader = new Loader(builder.source, index, keys, aliases, builder.loadDeadline);
        this.changes = new Changes(builder.source, index, loader, builder.patience);
        TemporaryCertificate temporary = builder.temporary.isEmpty()
                ? null
                : new TemporaryCertificate(builder.temporary, aliases, builder.clock);
        Fallback fallback = new Fallback(builder.refuseUnknownNames, builder.fallback);
        Selection selection = new Selection(index, loader, fallback, temporary, builder.clock);
        this.keyManager = new CurrentKeyManager(selection, aliases);
        this.watcher = new Watcher(changes::follow, builder.interval);
    }

    /** The certificates of a store, which may be empty yet, to be configured. */
    public static Builder builder(CertificateSource source) {
        return new Builder(source);
    }

    /** For servers that take a key manager. */
    public X509ExtendedKeyManager keyManager() {
        requireOpen();
        return keyManager;
    }

    /**
     * A new context of Java's own TLS with this key manager and Java's default trust, for servers that take one.
     *
     * @throws IllegalStateException if this Java cannot make one, or this is closed
     */
    public SSLContext sslContext() {
        requireOpen();
        return Tls.server(keyManager, Tls.trust(List.of()));
    }

    /**
     * Looks at one certificate now, because it was replaced, added or taken away. Never fails: what cannot be read stays as it
     * is.
     *
     * @param name what the store calls it
     */
    public void refresh(String name) {
        requireOpen();
        loader.refresh(name);
    }

    /** Looks for changes of all certificates now. Never fails: what cannot be read stays as it is. */
    public void refresh() {
        requireOpen();
        changes.follow();
    }

    /** How many keys are in memory. */
    int keysInMemory() {
        return keys.size();
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("these server certificates are closed");
        }
    }

    /** Ends the watching and the loading. Closing again does nothing. */
    @Override
    public void close() {
        isClosed = true;
        watcher.close();
        changes.close();
        loader.close();
    }

    /** Configures what is served. Not thread-safe; what it opens is. */
    public static final class Builder {

        private final CertificateSource source;
        private Duration interval = Duration.ofSeconds(5);
        private int keysInMemory = 1000;
        private Duration loadDeadline = Duration.ofSeconds(1);
        private Duration patience = Duration.ofSeconds(30);
        private boolean refuseUnknownNames;
        private @Nullable String fallback;
        private List<Identifier> temporary = List.of();
        private Clock clock = Clock.systemUTC();

        private Builder(CertificateSource source) {
            this.source = Objects.requireNonNull(source, "source");
        }

        /**
         * How often to look for changes; 5 seconds if not set.
         *
         * @throws IllegalArgumentException if it is not longer than nothing
         */
        public Builder watchEvery(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("cannot look for changes every " + duration);
            }
            this.interval = duration;
            return this;
        }

        /**
         * For how many certificates key and chain are kept in memory, at some 5 KB each; 1000 if not set. While there is room,
         * they are loaded before a handshake needs them.
         *
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder keysInMemory(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("cannot serve with " + count + " keys in memory");
            }
            this.keysInMemory = count;
            return this;
        }

        /**
         * How long a handshake waits for a key that is not in memory; 1 second if not set. Then it gets the fallback, while the
         * key is loaded for later handshakes. Zero for servers whose I/O threads call the key manager: no handshake waits, and
         * the first one for a key that is not in memory gets the fallback.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder loadDeadline(Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("the load deadline is negative: " + duration);
            }
            this.loadDeadline = duration;
            return this;
        }

        /** For how long no reading of a changed certificate may end before they are left to go on alone. */
        Builder patience(Duration duration) {
            this.patience = duration;
            return this;
        }

        /**
         * Who asks for a name that no certificate has, or for none, gets what this name or address would get. Takes the place
         * of {@link #refuseUnknownNames}.
         */
        public Builder fallback(Identifier nameOrAddress) {
            this.fallback = nameOrAddress.value().toLowerCase(Locale.ROOT);
            this.refuseUnknownNames = false;
            return this;
        }

        /**
         * The handshake of who asks for a name that no certificate has, or for none, fails; except for one without a name that
         * reached an address which a certificate has. Takes the place of {@link #fallback}.
         */
        public Builder refuseUnknownNames() {
            this.refuseUnknownNames = true;
            this.fallback = null;
            return this;
        }

        /**
         * While the store has no certificate for one of these names, its handshakes get a self-signed one, made for the
         * purpose, good for 7 days, never stored; all others that the store has no certificate for get it too while the store
         * is empty, unless they are refused. No client trusts it, but a server can start before its first certificate is
         * there. Not made if not asked for.
         *
         * @throws IllegalArgumentException if there is no name
         */
        public Builder temporaryCertificate(Collection<Identifier> identifiers) {
            if (identifiers.isEmpty()) {
                throw new IllegalArgumentException("a temporary certificate needs at least one name");
            }
            this.temporary = List.copyOf(identifiers);
            return this;
        }

        /** Where the time comes from that tells which certificates have expired. */
        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /**
         * Looks what is there, and begins to watch.
         *
         * @throws IOException if the store cannot be read; a certificate that cannot is no reason
         */
        public ServerCertificates open() throws IOException {
            ServerCertificates certificates = new ServerCertificates(this);
            certificates.changes.load();
            certificates.watcher.start();
            return certificates;
        }
    }
}
