# Exact Var[psi_t] under other weights of the squared gradients, beta2 = 0.999
# gnuplot weights.gp   draws weights.svg from weights.csv, all beside this script.
# rsvg-convert -f pdf -o weights.pdf weights.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 3.35 by 2.7 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 322,259 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'weights'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > weights.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10

set margins screen 0.175, screen 0.96, screen 0.1444, screen 0.9711
set xrange [1:10000]
set yrange [1e-4:1e5]
set format x '10^{%T}'
set format y '10^{%T}'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.4,0
set key top right Left reverse
plot 'weights.csv' using 't':(cell('var_adam')) with lines linetype 1 linewidth 1.3 title 'Adam', \
     '' using 't':(cell('var_no_bias')) with lines linetype 2 linewidth 1.3 title 'no bias correction', \
     '' using 't':(cell('var_v0_g0')) with lines linetype 3 linewidth 1.3 title '{/:Italic v}_0 = {/:Italic g}_0² (GI-Adam)', \
     '' using 't':(cell('var_adopt')) with lines linetype 4 linewidth 1.3 title 'ADOPT', \
     '' using 't':(cell('var_adafactor')) with lines linetype 5 linewidth 1.3 title '{/:Italic β}_2 = 1 − {/:Italic t}^{−0.8} (Adafactor)'

unset output
