package org.wucme.tls;

import java.net.InetAddress;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Handshake;
import org.wucme.tls.Aliases.Named;
import org.wucme.tls.Selection.Question;

/** Answers JSSE with what a {@link Selection} chooses. Has no aliases outside of handshakes, and no client's keys. */
final class CurrentKeyManager extends X509ExtendedKeyManager {

    private final Selection selection;
    private final Aliases aliases;

    CurrentKeyManager(Selection selection, Aliases aliases) {
        this.selection = selection;
        this.aliases = aliases;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, issuers, Handshake.of(socket), socket == null ? null : addressOf(socket));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, issuers, Handshake.of(engine), null);
    }

    private @Nullable String choose(
            String keyType, Principal @Nullable [] issuers, Handshake handshake, @Nullable String address) {
        Set<Principal> known = issuers == null ? Set.of() : Set.copyOf(Arrays.asList(issuers));
        String serverName = handshake.sendsName() ? handshake.serverName() : address;
        Named chosen = selection.choose(new Question(keyType, known, handshake.sendsName(), serverName));
        return chosen == null ? null : chosen.alias();
    }

    private static @Nullable String addressOf(Socket socket) {
        InetAddress address = socket.getLocalAddress();
        // Behind % stands the network interface of a link-local address.
        return address == null || address.isAnyLocalAddress()
                ? null
                : Identifier.ip(address.getHostAddress().replaceFirst("%.*", ""))
                        .value();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        KeyMaterial material = aliases.find(alias);
        return material == null ? null : material.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        KeyMaterial material = aliases.find(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
