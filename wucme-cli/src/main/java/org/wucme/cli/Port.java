package org.wucme.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is a port. */
final class Port implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        try {
            return HostPort.port(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
