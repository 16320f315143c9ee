package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.store.file.CertificateExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a certificate and its key into files of another form, for servers that want these.",
            "As a load action (pem:DIR, pkcs12:FILE PASSWORD-FILE), that is done after each renewal."
        })
final class ExportCommand extends WucmeCommand {

    @Parameters(
            paramLabel = "CERTIFICATE",
            description = "The certificate: its file, or a name in it. A file with certificate and key will do, too.")
    @Nullable
    String certificate;

    @Option(
            names = "--pem",
            paramLabel = "DIR",
            description = "A folder that gets cert.pem, chain.pem, fullchain.pem and privkey.pem.")
    @Nullable
    Path pem;

    @Option(names = "--pkcs12", paramLabel = "FILE", description = "A keystore; needs --password-file.")
    @Nullable
    Path pkcs12;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password of the keystore, in its first line.")
    @Nullable
    Path passwordFile;

    @Override
    public Integer call() throws IOException {
        Path folder = pem;
        Path keystore = pkcs12;
        Path password = passwordFile;
        if (folder == null && keystore == null) {
            throw new IllegalArgumentException("say where to: --pem DIR, or --pkcs12 FILE");
        }
        if (keystore != null && password == null) {
            throw new IllegalArgumentException("a keystore needs a password: --password-file FILE");
        }
        CertificateExport export = CertificateExport.of(
                CertificateArgument.find(globals().openStore(), Objects.requireNonNull(certificate)));
        boolean isWritten = folder != null && isWritten(folder, export.toPem(folder));
        if (keystore != null && password != null) {
            char[] secret = SecretFile.read(password).toCharArray();
            isWritten |= isWritten(keystore, export.toPkcs12(keystore, secret));
        }
        return isWritten ? ExitCode.DONE : ExitCode.NOTHING_TO_DO;
    }

    private boolean isWritten(Path where, boolean isNew) {
        out().println(where + (isNew ? ": written" : ": is there already"));
        return isNew;
    }
}
