# The size, the signal and the sign of Adam's update over the steps, by its exact law
# gnuplot update_moments.gp   draws update_moments.svg from update_moments.csv, all beside this script.
# rsvg-convert -f pdf -o update_moments.pdf update_moments.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 4.8667 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,467 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'update_moments'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > update_moments.svg"

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
set xrange [1:10000]
set logscale y 10
set mytics 10
set yrange [0.005:1.5]

# Panel 1.
set margins screen 0.0886, screen 0.3602, screen 0.6324, screen 0.8744
set title '{/:Italic β}_1 = 0.9, {/:Italic β}_2 = 0.999' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel 'RMS of {/:Italic u_t}' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('rms')) every ::0::94 with lines linetype 1 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::95::189 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::190::284 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::285::379 with lines linetype 4 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_rectified')) every ::0::94 with lines linetype 5 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_warmup')) every ::0::94 with lines linetype 6 linewidth 1.2

# Panel 2.
set margins screen 0.4004, screen 0.672, screen 0.6324, screen 0.8744
set title '{/:Italic β}_1 = 0.9, {/:Italic β}_2 = 0.95' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('rms')) every ::380::474 with lines linetype 1 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::475::569 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::570::664 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::665::759 with lines linetype 4 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_rectified')) every ::380::474 with lines linetype 5 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_warmup')) every ::380::474 with lines linetype 6 linewidth 1.2

# Panel 3.
set margins screen 0.7123, screen 0.9839, screen 0.6324, screen 0.8744
set title '{/:Italic β}_1 = 0.95, {/:Italic β}_2 = 0.95' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('rms')) every ::760::854 with lines linetype 1 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::855::949 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::950::1044 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms')) every ::1045::1139 with lines linetype 4 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_rectified')) every ::760::854 with lines linetype 5 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('rms_warmup')) every ::760::854 with lines linetype 6 linewidth 1.2
set logscale y 10
set mytics 10
set yrange [0.03:30]

# Panel 4.
set margins screen 0.0886, screen 0.3602, screen 0.3562, screen 0.5982
set title '' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel 'signal-to-noise ratio' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('signal_to_noise')) every ::95::189 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::190::284 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::285::379 with lines linetype 4 linewidth 1.2

# Panel 5.
set margins screen 0.4004, screen 0.672, screen 0.3562, screen 0.5982
set title '' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('signal_to_noise')) every ::475::569 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::570::664 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::665::759 with lines linetype 4 linewidth 1.2

# Panel 6.
set margins screen 0.7123, screen 0.9839, screen 0.3562, screen 0.5982
set title '' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('signal_to_noise')) every ::855::949 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::950::1044 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('signal_to_noise')) every ::1045::1139 with lines linetype 4 linewidth 1.2
unset logscale y
set mytics default
set ytics 0.1
set yrange [0:0.5]

# Panel 7.
set margins screen 0.0886, screen 0.3602, screen 0.0799, screen 0.3219
set title '' offset 0,-0.7
set format x '10^{%T}'
set format y '%g'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel 'P(wrong sign)' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('wrong_sign')) every ::95::189 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::190::284 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::285::379 with lines linetype 4 linewidth 1.2

# Panel 8.
set margins screen 0.4004, screen 0.672, screen 0.0799, screen 0.3219
set title '' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('wrong_sign')) every ::475::569 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::570::664 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::665::759 with lines linetype 4 linewidth 1.2

# Panel 9.
set margins screen 0.7123, screen 0.9839, screen 0.0799, screen 0.3219
set title '' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'update_moments.csv' using 't':(cell('wrong_sign')) every ::855::949 with lines linetype 2 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::950::1044 with lines linetype 3 linewidth 1.2, \
     'update_moments.csv' using 't':(cell('wrong_sign')) every ::1045::1139 with lines linetype 4 linewidth 1.2

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9258, screen 0.9943
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
plot [0:1] [0:1] NaN with lines linetype 1 linewidth 1.2 title '{/:Italic μ}/{/:Italic σ} = 0', \
     NaN with lines linetype 2 linewidth 1.2 title '{/:Italic μ}/{/:Italic σ} = 0.1', \
     NaN with lines linetype 3 linewidth 1.2 title '{/:Italic μ}/{/:Italic σ} = 0.3', \
     NaN with lines linetype 4 linewidth 1.2 title '{/:Italic μ}/{/:Italic σ} = 1', \
     NaN with lines linetype 5 linewidth 1.2 title '{/:Italic r_t} RMS, {/:Italic μ} = 0', \
     NaN with lines linetype 6 linewidth 1.2 title 'untuned warmup, {/:Italic μ} = 0'
unset multiplot

unset output
