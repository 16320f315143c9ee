package org.wucme.challenges.tlsalpn;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.jca.Handshake;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.acme.internal.jca.TlsKeyType;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.challenges.internal.ThrottledLog;

/**
 * Lets a TLS server answer tls-alpn-01 challenges (RFC 8737) beside its normal traffic, over TLS 1.2 and 1.3, with
 * {@link SSLSocket} and {@link SSLEngine}. A handshake for the protocol {@code acme-tls/1} gets the certificate that a
 * {@link TlsAlpn01Responder} has for its server name, or fails; every other handshake gets what the server's own key
 * manager chooses. Thread-safe.
 *
 * <p>If the responder is {@linkplain TlsAlpn01Responder#sharedBy shared by a store}, a handshake for {@code acme-tls/1} with a
 * name that is not presented here waits for the store, usually 100 ms at most; more than eight do not wait at the same time,
 * and further ones fail at once. No other handshake waits for that.
 *
 * <p>That protocol is only agreed on if the server offers it: see {@link AcmeTlsProtocol}.
 *
 * <p>The server's TLS must tell a key manager the protocol before it asks for the certificate. Java's own does, and so
 * does {@link #sslContext}, whatever other security providers are registered; Bouncy Castle's (BCJSSE), Conscrypt and Netty's
 * OpenSSL do not. Below one of those, challenges cannot be answered, which is logged once.
 */
public final class TlsAlpn01KeyManager extends X509ExtendedKeyManager {

    private static final Logger LOG = LoggerFactory.getLogger(TlsAlpn01KeyManager.class);

    // A CA asks from several places for each of up to 100 names.
    private static final int ANSWERS_PER_MINUTE = 1000;
    // Any client can ask for any name.
    private static final int UNKNOWN_PER_MINUTE = 10;
    // The longest that a name in the DNS can be.
    private static final int LONGEST_SHOWN = 253;

    private final ThrottledLog answered = new ThrottledLog(LOG, Level.INFO, ANSWERS_PER_MINUTE);
    private final ThrottledLog unknown = new ThrottledLog(LOG, Level.INFO, UNKNOWN_PER_MINUTE);

    private final TlsAlpn01Responder responder;
    private final @Nullable X509ExtendedKeyManager own;
    private final Function<String, @Nullable String> aliases;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Answers challenges beside the traffic that the server's own key manager serves. */
    public TlsAlpn01KeyManager(TlsAlpn01Responder responder, X509ExtendedKeyManager own) {
        this(own, responder, responder::aliasAnywhere);
    }

    /** Answers challenges only; every other handshake fails. */
    public TlsAlpn01KeyManager(TlsAlpn01Responder responder) {
        this(null, responder, responder::aliasAnywhere);
    }

    private TlsAlpn01KeyManager(
            @Nullable X509ExtendedKeyManager own,
            TlsAlpn01Responder responder,
            Function<String, @Nullable String> aliases) {
        this.own = own;
        this.responder = responder;
        this.aliases = aliases;
    }

    /** Answers only what is presented by the responder itself, and never waits. */
    static TlsAlpn01KeyManager here(TlsAlpn01Responder responder) {
        return new TlsAlpn01KeyManager(null, responder, responder::aliasFor);
    }

    /** Answers every challenge by one alias. */
    static TlsAlpn01KeyManager of(TlsAlpn01Responder responder, String alias) {
        return new TlsAlpn01KeyManager(null, responder, serverName -> alias);
    }

    /**
     * A new context of Java's own TLS with this key manager and Java's default trust, for servers that take one.
     *
     * @throws IllegalStateException if this Java cannot make one
     */
    public SSLContext sslContext() {
        return Tls.server(this, Tls.trust(List.of()));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Handshake handshake = Handshake.of(socket);
        if (isForChallenge(handshake)) {
            return challengeAlias(keyType, handshake);
        }
        return own == null ? null : own.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Handshake handshake = Handshake.of(engine);
        if (isForChallenge(handshake)) {
            return challengeAlias(keyType, handshake);
        }
        return own == null ? null : own.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        if (TlsAlpn01Responder.isAlias(alias)) {
            ChallengeCertificate certificate = responder.certificate(alias);
            return certificate == null ? null : new X509Certificate[] {certificate.certificate()};
        }
        return own == null ? null : own.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        if (TlsAlpn01Responder.isAlias(alias)) {
            ChallengeCertificate certificate = responder.certificate(alias);
            return certificate == null ? null : certificate.key();
        }
        return own == null ? null : own.getPrivateKey(alias);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return own == null ? null : own.getServerAliases(keyType, issuers);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return own == null ? null : own.getClientAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return own == null ? null : own.chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return own == null ? null : own.chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    private boolean isForChallenge(Handshake handshake) {
        if (handshake.hidesProtocol() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "this server cannot answer tls-alpn-01 challenges: its TLS ({}) does not show the application"
                            + " protocol (ALPN) to a key manager; use Java's own TLS (SunJSSE, in Netty SslProvider.JDK),"
                            + " or http-01 or dns-01",
                    handshake.engine());
        }
        return TlsAlpn01.PROTOCOL.equals(handshake.protocol());
    }

    private @Nullable String challengeAlias(String keyType, Handshake handshake) {
        String serverName = handshake.serverName();
        if (serverName == null || !TlsKeyType.EC_P256.isAskedForAs(keyType)) {
            return null;
        }
        String alias = aliases.apply(serverName);
        String shown = OneLine.of(OneLine.cut(serverName, LONGEST_SHOWN));
        if (alias == null) {
            unknown.log("a tls-alpn-01 handshake came for {}, for which no challenge is pending here", shown);
        } else {
            answered.log("answering tls-alpn-01 for {}", shown);
        }
        return alias;
    }
}
