package org.wucme.challenges.tlsalpn;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.TlsAlpn01;

/**
 * Lets a TLS server answer tls-alpn-01 challenges (RFC 8737) beside its normal traffic, over TLS 1.2 and 1.3, with
 * {@link SSLSocket} and {@link SSLEngine}. A handshake for the protocol {@code acme-tls/1} gets the certificate that a
 * {@link TlsAlpn01Responder} has for its server name, or fails; every other handshake gets what the server's own key
 * manager chooses. Thread-safe.
 *
 * <p>That protocol is only agreed on if the server offers it: see {@link AcmeTlsProtocol}.
 */
public final class TlsAlpn01KeyManager extends X509ExtendedKeyManager {

    private static final String KEY_ALGORITHM = "EC";

    private final TlsAlpn01Responder responder;
    private final @Nullable X509ExtendedKeyManager own;

    /** Answers challenges beside the traffic that the server's own key manager serves. */
    public TlsAlpn01KeyManager(TlsAlpn01Responder responder, X509ExtendedKeyManager own) {
        this(own, responder);
    }

    /** Answers challenges only; every other handshake fails. */
    public TlsAlpn01KeyManager(TlsAlpn01Responder responder) {
        this(null, responder);
    }

    private TlsAlpn01KeyManager(@Nullable X509ExtendedKeyManager own, TlsAlpn01Responder responder) {
        this.own = own;
        this.responder = responder;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        if (socket instanceof SSLSocket tls && TlsAlpn01.PROTOCOL.equals(tls.getHandshakeApplicationProtocol())) {
            return challengeAlias(keyType, tls.getHandshakeSession());
        }
        return own == null ? null : own.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (engine != null && TlsAlpn01.PROTOCOL.equals(engine.getHandshakeApplicationProtocol())) {
            return challengeAlias(keyType, engine.getHandshakeSession());
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

    private @Nullable String challengeAlias(String keyType, @Nullable SSLSession handshake) {
        if (!keyType.equals(KEY_ALGORITHM) || !(handshake instanceof ExtendedSSLSession session)) {
            return null;
        }
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return responder.aliasFor(host.getAsciiName());
            }
        }
        return null;
    }
}
