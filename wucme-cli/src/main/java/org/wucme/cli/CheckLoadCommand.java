package org.wucme.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.load.LoadEvent;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "load",
        description = {
            "Carries out the load actions now, as after a renewal, and shows what becomes of each.",
            "Those after one that fails are not carried out."
        })
final class CheckLoadCommand extends WucmeCommand {

    @Parameters(
            paramLabel = "CERTIFICATE",
            arity = "0..1",
            description = "The certificate: its file, or a name in it (default: the first one in the store).")
    @Nullable
    String certificate;

    @Mixin
    final LoadOptions loads = new LoadOptions();

    @Override
    public Integer call() throws IOException {
        Map<String, Deployment> actions = loads.actions(globals(), LoadEvent.CHECK);
        if (actions.isEmpty()) {
            throw new IOException("nothing is to be done with certificates: set WUCME_LOAD, or give --load");
        }
        StoredCertificate chosen = choose(globals().openStore());
        out().println("with " + chosen.location() + ":");
        return Trial.shownBy(this).load(actions, chosen) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private StoredCertificate choose(FileStore store) throws IOException {
        String asked = certificate;
        return asked == null ? Trial.certificate(store) : CertificateArgument.find(store, asked);
    }
}
