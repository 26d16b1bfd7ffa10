# test accuracy over the steps for each method and learning rate, mean over the seeds
# gnuplot figure7.gp   draws figure7.svg from figure7.csv, all beside this script.
# rsvg-convert -f pdf -o figure7.pdf figure7.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 3.85 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,370 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'figure7'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > figure7.svg"

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
set xrange [0:840]
set xtics 200
set yrange [0.65:0.88]

# Panel 1.
set margins screen 0.0886, screen 0.3696, screen 0.5289, screen 0.8846
set title 'RAdam' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel 'test accuracy' offset 0.3,0
plot 'figure7.csv' using 'step':'score' every ::0::11 with lines linetype 1 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::12::23 with lines linetype 2 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::24::35 with lines linetype 3 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::36::47 with lines linetype 4 linewidth 1.1

# Panel 2.
set margins screen 0.3937, screen 0.6747, screen 0.5289, screen 0.8846
set title 'Adam, warmup 35' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure7.csv' using 'step':'score' every ::48::59 with lines linetype 1 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::60::71 with lines linetype 2 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::72::83 with lines linetype 3 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::84::95 with lines linetype 4 linewidth 1.1

# Panel 3.
set margins screen 0.6989, screen 0.9799, screen 0.5289, screen 0.8846
set title 'Adam, warmup 70' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel 'step' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure7.csv' using 'step':'score' every ::96::107 with lines linetype 1 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::108::119 with lines linetype 2 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::120::131 with lines linetype 3 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::132::143 with lines linetype 4 linewidth 1.1

# Panel 4.
set margins screen 0.0886, screen 0.3696, screen 0.101, screen 0.4567
set title 'Adam, warmup 140' offset 0,-0.7
set format x '%g'
set format y '%g'
set xlabel 'step' offset 0,0.5
set ylabel 'test accuracy' offset 0.3,0
plot 'figure7.csv' using 'step':'score' every ::144::155 with lines linetype 1 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::156::167 with lines linetype 2 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::168::179 with lines linetype 3 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::180::191 with lines linetype 4 linewidth 1.1

# Panel 5.
set margins screen 0.3937, screen 0.6747, screen 0.101, screen 0.4567
set title 'Adam, warmup 280' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel 'step' offset 0,0.5
set ylabel '' offset 0.3,0
plot 'figure7.csv' using 'step':'score' every ::192::203 with lines linetype 1 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::204::215 with lines linetype 2 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::216::227 with lines linetype 3 linewidth 1.1, \
     'figure7.csv' using 'step':'score' every ::228::239 with lines linetype 4 linewidth 1.1

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9495, screen 0.9928
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
plot [0:1] [0:1] NaN with lines linetype 1 linewidth 1.1 title 'learning rate 0.1', \
     NaN with lines linetype 2 linewidth 1.1 title 'learning rate 0.03', \
     NaN with lines linetype 3 linewidth 1.1 title 'learning rate 0.01', \
     NaN with lines linetype 4 linewidth 1.1 title 'learning rate 0.003'
unset multiplot

unset output
