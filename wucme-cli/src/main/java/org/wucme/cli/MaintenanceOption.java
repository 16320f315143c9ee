package org.wucme.cli;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.wucme.manage.CertificateManager;
import org.wucme.store.MaintenanceWindow;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** When certificates are renewed. */
final class MaintenanceOption {

    @Option(
            names = "--maintenance-window",
            paramLabel = "HOURS",
            converter = Converter.class,
            description = {
                "Renews due certificates in these hours only, such as \"Mon-Fri 22:00-04:00, Sun 02:00-06:00"
                        + " Europe/Berlin\" or \"daily 02:00-05:00\"; without a time zone, of this machine's.",
                "Not waited for: a compromised key, a CA that suggests a time that has passed, and a certificate of"
                        + " whose lifetime a tenth is left. \"issue --renew-during\" has hours for one certificate.",
                "Default: at any time."
            })
    @Nullable
    MaintenanceWindow window;

    void addTo(CertificateManager.Builder builder) {
        if (window != null) {
            builder.maintenanceWindow(window);
        }
    }

    /** Reads a window, by default in this machine's time zone. */
    static final class Converter implements ITypeConverter<MaintenanceWindow> {

        @Override
        public MaintenanceWindow convert(String text) {
            try {
                return MaintenanceWindow.of(text, ZoneId.systemDefault());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
