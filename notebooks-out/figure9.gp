# Figure 9: simulated variance of the adaptive learning rate, before and after rectification
# gnuplot figure9.gp   draws figure9.svg from figure9.csv, all beside this script.
# rsvg-convert -f pdf -o figure9.pdf figure9.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 3.5 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,336 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'figure9'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > figure9.svg"

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

set multiplot
set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10
set xrange [5:6000]
set yrange [1e-8:1]
set ytics 1e-8,100
unset mytics

# Panel 1.
set margins screen 0.0886, screen 0.3709, screen 0.5317, screen 0.873
set title '{/:Italic μ} = 0' offset 0,-0.7
set format x ''
set format y '10^{%T}'
set xlabel '' offset 0,0.5
set ylabel 'variance' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 0, 'band_low')):(cell_where('mu', 0, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 0, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 0, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::4::185 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::4::185 with points linetype 3 pointtype 9 pointsize 0.35

# Panel 2.
set margins screen 0.3951, screen 0.6774, screen 0.5317, screen 0.873
set title '{/:Italic μ} = 0.001' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 0.001, 'band_low')):(cell_where('mu', 0.001, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 0.001, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 0.001, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::190::371 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::190::371 with points linetype 3 pointtype 9 pointsize 0.35

# Panel 3.
set margins screen 0.7016, screen 0.9839, screen 0.5317, screen 0.873
set title '{/:Italic μ} = 0.01' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 0.01, 'band_low')):(cell_where('mu', 0.01, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 0.01, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 0.01, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::376::557 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::376::557 with points linetype 3 pointtype 9 pointsize 0.35

# Panel 4.
set margins screen 0.0886, screen 0.3709, screen 0.1111, screen 0.4524
set title '{/:Italic μ} = 0.1' offset 0,-0.7
set format x '10^{%T}'
set format y '10^{%T}'
set xlabel 'iteration {/:Italic t}' offset 0,0.5
set ylabel 'variance' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 0.1, 'band_low')):(cell_where('mu', 0.1, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 0.1, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 0.1, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::562::743 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::562::743 with points linetype 3 pointtype 9 pointsize 0.35

# Panel 5.
set margins screen 0.3951, screen 0.6774, screen 0.1111, screen 0.4524
set title '{/:Italic μ} = 1' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'iteration {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 1, 'band_low')):(cell_where('mu', 1, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 1, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 1, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::748::929 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::748::929 with points linetype 3 pointtype 9 pointsize 0.35

# Panel 6.
set margins screen 0.7016, screen 0.9839, screen 0.1111, screen 0.4524
set title '{/:Italic μ} = 10' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'iteration {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure9.csv' using 't':(cell_where('mu', 10, 'band_low')):(cell_where('mu', 10, 'band_high')) with filledcurves fillcolor rgb '#56b4e9' fillstyle transparent solid 0.5 noborder, \
     '' using 't':(cell_where('mu', 10, 'var_exact')) with lines linetype 1 linewidth 0.8, \
     '' using 't':(cell_where('mu', 10, 'rectified_exact')) with lines linetype 3 linewidth 0.8 dashtype solid, \
     '' using 't':(cell('var_psi')) every 8::934::1115 with points linetype 2 pointtype 7 pointsize 0.3, \
     '' using 't':(cell('var_rectified')) every 8::934::1115 with points linetype 3 pointtype 9 pointsize 0.35

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9444, screen 0.9921
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
unset arrow
unset object
unset logscale
set key inside center center horizontal Left reverse
plot [0:1] [0:1] NaN with points linetype 2 pointtype 7 pointsize 0.5 title 'Var[{/:Italic ψ_t}], simulated', \
     NaN with lines linetype 1 linewidth 0.8 title 'exact, 95 % band', \
     NaN with points linetype 3 pointtype 9 pointsize 0.5 title 'Var[{/:Italic r_t ψ_t}], simulated', \
     NaN with lines linetype 3 linewidth 0.8 dashtype solid title 'exact'
unset multiplot

unset output
