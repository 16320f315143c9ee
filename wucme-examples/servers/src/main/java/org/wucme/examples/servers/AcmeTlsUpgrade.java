package org.wucme.examples.servers;

import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.TlsAlpn01;

/** Makes a connector of Tomcat offer the protocol of tls-alpn-01, beside {@code h2} if it has that. */
final class AcmeTlsUpgrade implements UpgradeProtocol {

    @Override
    public @Nullable String getHttpUpgradeName(boolean isSecure) {
        return null;
    }

    @Override
    public String getAlpnName() {
        return TlsAlpn01.PROTOCOL;
    }

    @Override
    public byte[] getAlpnIdentifier() {
        return TlsAlpn01.PROTOCOL.getBytes(StandardCharsets.US_ASCII);
    }

    /** None: the handshake was all. */
    @Override
    public @Nullable Processor getProcessor(SocketWrapperBase<?> socket, Adapter adapter) {
        return null;
    }

    @Override
    public @Nullable InternalHttpUpgradeHandler getInternalUpgradeHandler(
            SocketWrapperBase<?> socket, Adapter adapter, Request request) {
        return null;
    }

    @Override
    public boolean accept(Request request) {
        return false;
    }
}
