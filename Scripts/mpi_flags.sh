#!/bin/sh
# What SwiftPM needs to build with the trait MPI, from an MPI's own compiler: mpi_flags.sh [MPICC]. Folders and libraries only: what
# Debian's mpich.pc has beside, such as -flto, SwiftPM refuses.
set -eu
for word in $("${1:-mpicc}" -show); do
    case $word in
    -I*) printf -- '-Xcc %s ' "$word" ;;
    -L* | -l*) printf -- '-Xlinker %s ' "$word" ;;
    -Wl,-rpath*) printf -- '-Xlinker %s ' "$(echo "$word" | sed 's/^-Wl,//; s/,/ -Xlinker /g')" ;;
    esac
done
